"""The project file: one SQLite file, every edit one committed transaction of changed rows.

`rows` turns projects into rows and back, `schema` has the tables and their versions, `journal`
writes edits and undo history, `project_file` opens, creates and copies files, `lock` keeps a
second studio out, `failures` turns what SQLite says into sentences, `paths` knows where media lies.
"""
