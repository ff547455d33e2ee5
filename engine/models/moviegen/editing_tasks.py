"""What the transformer is told of the task of an edit (Movie Gen Edit, after Emu Edit)."""

from __future__ import annotations

from torch import Tensor, nn

TASK_TOKENS = 4
"""How many tokens a task adds to the text."""


class TaskConditioning(nn.Module):
    """A learnt vector for each task, one map of it to tokens beside the text's, and one to a

    vector added to that of the time. The second map starts at zero.
    """

    def __init__(self, tasks: int, width: int, dim: int) -> None:
        super().__init__()
        self.embedding = nn.Embedding(tasks, width)
        self.to_tokens = nn.Linear(width, TASK_TOKENS * dim)
        self.to_moment = nn.Linear(width, dim, bias=False)
        nn.init.zeros_(self.to_moment.weight)

    def forward(self, task: Tensor) -> tuple[Tensor, Tensor]:
        """Tokens (B, TASK_TOKENS, D) and the vector (B, D) of tasks (B,), their indices."""
        known = self.embedding(task)
        return self.to_tokens(known).unflatten(-1, (TASK_TOKENS, -1)), self.to_moment(known)
