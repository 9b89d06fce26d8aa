"""A problem as an error: `independent_chairs.generated.problems` has a class for each type."""

from typing import ClassVar, Self

from independent_chairs.generated.models import Problem


class ProblemError(Exception):
    """The system did not do what it was asked (RFC 9457); `problem` says why, and which fields were at fault."""

    type: ClassVar[str] = ""

    def __init__(self, problem: Problem) -> None:
        said = [problem.title, problem.detail, *(f"{error.field}: {error.message}" for error in problem.errors or ())]
        super().__init__("\n".join(line for line in said if line))
        self.problem = problem

    @classmethod
    def of(cls, problem: Problem) -> Self:
        """The error of the problem's type; of a type that is newer than this client, `ProblemError` itself."""
        kinds = {kind.type: kind for kind in cls.__subclasses__()}
        return kinds.get(problem.type_, cls)(problem)
