"""Changes to TypeScript that matter to pages: a token left out, a label, an error swallowed.

Stryker was left aside: it judges mutants by unit tests inside of one instrumented build, and the
checks judge a build by what a browser sees of it. So these are patterns, as those of container
files are. What they make does not always build: such a mutant says nothing about the checks of
pages, and is not counted.
"""

import re
from collections.abc import Iterator

from checker.trust.edits import Edit

SUFFIXES = frozenset({".ts", ".tsx"})
VALUE = rb"=(?:\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}|\"[^\"]*\")"
EDITS = (
    ("await", rb"\bawait ", b""),
    ("compare", rb"===", b"!=="),
    ("compare", rb"!==", b"==="),
    ("compare", rb"&&", b"||"),
    ("negate", rb"if \((?=[\w!])", b"if (!"),
    ("constant", rb"\btrue\b", b"false"),
    ("constant", rb"\bfalse\b", b"true"),
    ("statement", rb"\n\s+(?:set\w+|clear\w+|forget\w+)\(.*\);", b""),
    # The token, the address, the end of a call
    ("token", rb"\n.*['\"]Authorization['\"].*;", b""),
    ("address", rb"\bAPI_URL \+", b"'http://localhost:8000' +"),
    ("encode", rb"encodeURIComponent\((\w+)\)", rb"\1"),
    ("abort", rb"[\w.?]+\.abort\(\)", b"undefined"),
    # Errors, and what happens once only
    ("swallow", rb"\bthrow ([^;{}]+);", rb"console.warn(\1);"),
    ("guard", rb"\n\s+if \([^\n]*\) return\b[^;\n]*;", b""),
    ("clean-up", rb"\n\s+return \(\) => [^{;\n]+;", b""),
    ("default", rb"\n\s+event\.preventDefault\(\);", b""),
    # What those who see, hear and type find
    ("label", rb"\s(?:aria-[\w-]+|role|htmlFor|disabled|isPending)" + VALUE, b""),
    ("name", rb"(?<=\slabel=)\"[^\"]*\"", b'"Label"'),
    ("key", rb"\skey" + VALUE, b""),
    ("focus", rb"\n\s+(?:rescueFocus\(.*\)|[\w.?]+\.focus\(\));", b""),
    ("way", rb"\n\s+(?:if \([^\n]*\) )?router\.(?:push|replace)\(.*\);", b""),
)


def find_page_edits(content: bytes) -> Iterator[Edit]:
    """Yield the edits of a file of TypeScript."""
    for operator, pattern, new in EDITS:
        yield from substitute(operator, pattern, new, content)


def substitute(operator: str, pattern: bytes, new: bytes, content: bytes) -> Iterator[Edit]:
    """Yield an edit for each place that the pattern fits."""
    for match in re.finditer(pattern, content):
        yield Edit(operator, match.start(), match.end(), match.expand(new))
