"""Ask the API of the Independent Chairs service: sign in, ask, read page after page, and catch problems by name."""

from independent_chairs.answers import answer, etag, every
from independent_chairs.connection import connect
from independent_chairs.problem import ProblemError
from independent_chairs.sign_in import ClientCredentials, DevelopmentSignIn, SignIn

__all__ = ["ClientCredentials", "DevelopmentSignIn", "ProblemError", "SignIn", "answer", "connect", "etag", "every"]
