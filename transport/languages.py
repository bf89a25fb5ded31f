"""The viewer's language, from Accept-Language."""

from starlette.requests import Request

from models.errors import InputError
from resolvers.languages import Language


def preferred(accept_language: str | None, default: Language) -> Language:
    """The language that a client likes best of those that the portal has."""
    best, best_quality = default, 0.0
    for part in accept_language.split(",") if accept_language else ():
        tag, _, parameter = part.strip().partition(";")
        name = tag.split("-")[0].upper()
        quality = _quality(parameter.strip())
        if name in Language.__members__ and quality > best_quality:
            best, best_quality = Language[name], quality
    return best


def told(request: Request, name: str | None, default: Language) -> Language:
    """The language that an address names, or else the one preferred; raises InputError for another name."""
    if name is None:
        return preferred(request.headers.get("accept-language"), default)
    if name not in Language.__members__:
        raise InputError("language", "is BE, RU or EN")
    return Language[name]


def _quality(parameter: str) -> float:
    if not parameter.startswith("q="):
        return 1.0
    try:
        return float(parameter[2:])
    except ValueError:
        return 0.0
