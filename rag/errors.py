"""Everything that can go wrong, as a tree; each message says what to do.

DatelineError
├── Mendable              the user can mend it: exit status 2
│   ├── QuestionError         the question is empty, too long or holds no words
│   ├── ReadError             a file or folder is missing or cannot be read as articles
│   ├── SettingsError         a setting is unknown, malformed or cannot be used
│   ├── MissingPackage        an optional package is not installed; names the command
│   ├── IndexMismatch         the index was built with other settings; names both
│   ├── IndexUnavailable      the index folder cannot be opened, read or written
│   │   └── Unreachable           a server that the archive lives on is away; nothing is lost
│   └── IndexBusy             another process holds the write lock
├── ModelError            the chat model failed, stalled or refused; answers fall back to quotes
│   └── PromptTooLong         the model says that it was given more than it can read
└── StoreDamaged          the store of articles itself is unreadable: restore a backup
"""


class DatelineError(Exception):
    """The root: every error this package raises on purpose."""


class Mendable(DatelineError):
    """The user can mend it."""


class QuestionError(Mendable):
    """The question is empty, too long or holds no words."""


class ReadError(Mendable):
    """A file or folder is missing or cannot be read as articles."""


class SettingsError(Mendable):
    """A setting is unknown, malformed or cannot be used."""


class MissingPackage(Mendable):
    """An optional package is not installed; the message names the command."""


class IndexMismatch(Mendable):
    """The index was built with other settings than it is asked with."""


class IndexUnavailable(Mendable):
    """The index folder cannot be opened, read or written."""


class Unreachable(IndexUnavailable):
    """A server that the archive lives on does not answer; it works again when that is back."""


class IndexBusy(Mendable):
    """Another process is writing to the index."""


class ModelError(DatelineError):
    """The chat model failed, stalled or refused; says in a line what and what to do."""


class PromptTooLong(ModelError):
    """The model says that it was given more than it can read."""


class StoreDamaged(DatelineError):
    """The store of articles is unreadable."""
