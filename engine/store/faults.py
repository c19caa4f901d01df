"""What goes wrong with an object store, as Python tells it of files."""

import errno
import re
from collections.abc import Generator
from contextlib import contextmanager

#: What a store answers with in place of what was asked for.
_ANSWER = re.compile(r"<Code>(?P<code>[^<]*)</Code>(?:\s*<Message>(?P<message>[^<]*)</Message>)?")

#: Codes and statuses of an answer that mean that somebody may not.
_FORBIDDEN = re.compile(
    r"AccessDenied|InvalidAccessKeyId|SignatureDoesNotMatch|InvalidToken|ExpiredToken"
    r"|AuthenticationFailed|AuthorizationFailure|\b40[13] (?:Forbidden|Unauthorized)"
)
_GONE = re.compile(r"NoSuchBucket|NoSuchKey|ContainerNotFound|BlobNotFound|\b404 Not Found")

_OF_POLARS = "object-store error: "

#: Characters of a fault that a message shows.
_TOLD = 300


class ChangedError(OSError):
    """The object is no longer the one that was listed."""


@contextmanager
def told_as_files(url: str) -> Generator[None]:
    """Raises what the store says as OSError.

    Raises:
        FileNotFoundError: There is no such object or bucket.
        FileExistsError: There is one already.
        PermissionError: The credentials are missing, wrong or do not suffice.
        ChangedError: The object is not the one that was meant.
        OSError: The store cannot be reached, or anything else.
    """
    from obstore import exceptions as known

    try:
        yield
    except FileNotFoundError as error:
        raise FileNotFoundError(errno.ENOENT, said(error), url) from error
    except known.AlreadyExistsError as error:
        raise FileExistsError(errno.EEXIST, "already there", url) from error
    except (known.PreconditionError, known.NotModifiedError) as error:
        raise ChangedError(errno.ESTALE, "changed while it was read", url) from error
    except (known.PermissionDeniedError, known.UnauthenticatedError) as error:
        raise PermissionError(errno.EACCES, said(error), url) from error
    except (known.BaseError, ValueError) as error:
        raise _by_answer(error, url) from error


def is_of_store(error: OSError) -> bool:
    """Whether it is for what a store did, not for what a file or an object holds."""
    return "://" in str(error.filename) or str(error).startswith(_OF_POLARS)


def said(error: Exception) -> str:
    """The fault in one line: the store's own words, where it gave any."""
    told = error.strerror if isinstance(error, OSError) else None
    text = (told or str(error)).removeprefix(_OF_POLARS)
    for more in ("\n\nDebug source", "\n\nCaused by"):
        text = text.partition(more)[0]
    if (answer := _ANSWER.search(text)) is not None:
        words = answer["message"]
        return f"{answer['code']}: {words}"[:_TOLD] if words else answer["code"]
    return " ".join(text.split())[:_TOLD]


def _by_answer(error: Exception, url: str) -> OSError:
    """The fault of a listing, which comes without a kind of its own."""
    text = str(error)
    if _FORBIDDEN.search(text):
        return PermissionError(errno.EACCES, said(error), url)
    if _GONE.search(text):
        return FileNotFoundError(errno.ENOENT, said(error), url)
    return OSError(errno.EIO, said(error), url)
