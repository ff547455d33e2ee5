"""Set-up of a checkout: a private environment and the system libraries that Qt and sound need.

Standard library only, since it runs before anything is installed. It is not a packager: it never
writes outside the checkout, but for the system's own package manager when it runs as root.
"""
