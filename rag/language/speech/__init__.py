"""Speech: who is quoted, who is reported to have said what. A speaker who is not clear is None."""

from rag.language.speech.quotations import Quotation, quotations
from rag.language.speech.statements import Statement, statements

__all__ = ["Quotation", "Statement", "quotations", "statements"]
