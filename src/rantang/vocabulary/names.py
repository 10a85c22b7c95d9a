"""Personal names: titles, kin markers and marks taken off, abbreviations opened, sounds folded.

Permendagri 73/2022 wants two words, no abbreviation and no marks in a name; older records stay
valid, so one-word names, abbreviations and titles are legal for nearly everyone in a register. The
raw name is always kept beside what is made of it. Variants: a list of spellings seen in East
Javanese registers (to be checked with speakers of Javanese and Madurese).

Every pattern is RE2 and Java at once: no look-around, no back reference, no group in a
replacement.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

import ibis.expr.types as ir

_LATIN: Final = (*range(0xC0, 0x250), *range(0x1E00, 0x1F00))
_MARKED: Final = re.compile(r"LATIN CAPITAL LETTER ([A-Z]) WITH ")
# Letters of their own by their Unicode names, and the usual Latin ones in their place.
_OF_THEIR_OWN: Final = {"Ð": "D", "ı": "I", "Ə": "A", "ª": " ", "º": " "}
_WHOLE: Final = (
    ("ß", "SS"), ("ẞ", "SS"), ("Æ", "AE"), ("Ǽ", "AE"), ("Ǣ", "AE"), ("Œ", "OE"), ("Þ", "TH"), ("Ŋ", "NG"),
    ("Ĳ", "IJ"),
)  # fmt: skip


def _plain_letters() -> dict[str, str]:
    """Return the capital Latin letters with marks or strokes and what is left of them without."""
    named = ((chr(code), _MARKED.match(unicodedata.name(chr(code), ""))) for code in _LATIN)
    return {letter: found[1] for letter, found in named if found} | _OF_THEIR_OWN


_PLAIN: Final = _plain_letters()
_ACCENTS: Final = ("".join(_PLAIN), "".join(_PLAIN.values()))
_BEYOND_ASCII: Final = r"[^\x00-\x7F]"
# Vowels of Arabic are written or not; marks of Indic scripts are as good as letters.
_VOWELS: Final = r"[\x{064B}-\x{065F}\x{0670}]"
# Marks behind a Latin letter as characters of their own, as some programs write É.
_MARKS: Final = r"[\x{0300}-\x{036F}]"
_NO_LETTERS: Final = r"[^\p{Lu}\p{Ll}\p{Lt}\p{Lo}\p{M}]+"
_QUOTES: Final = r"['`´‘’ʼʻ\"]"

_FRONT: Final = (
    r"^(?:(?:H|HJ|HAJI|HAJJAH|IR|DR|DRS|DRA|DRG|PROF|KH|KYAI|KIAI|USTADZ|USTAZ|RADEN|RR|RA|RM|TB|TUBAGUS"
    r"|BPK|BAPAK|IBU|NY|NYONYA|NN|NONA|TN|TUAN|SDR|SDRI|SAUDARA|R|HR|K\.? ?H)(?:\.[ ,]*|[ ,]+))+"
)
_DEGREE: Final = (
    r"(?:S\.? ?PD\.? ?(?:I|SD|AUD)?"
    r"|S\.? ?(?:KOM|SOS|AG|IP|KEP|HUT|PSI|FARM|GZ|PT|KM|SI|KED|STP|TP|HI|EI|SY)(?:\.? ?I)?"
    r"|S\. ?[EHTPS]|SE|SH|SHI|S\.?K\.?M|A\.? ?MD\.?(?: ?(?:KEB|KEP|KOM|AK))?"
    r"|M\.? ?(?:PD|SI|KOM|AG|KES|HUM|AP|SC)(?:\.? ?I)?"
    r"|M\. ?[MHTE]|MM|MH|MT|MSI|MBA|B\.A|BA|B\.?SC|BSW|NERS|PH\.? ?D)"
)
_BEHIND_COMMA: Final = r"ST|S\.?T\.?P?|M\.?H|SP\.? ?[A-Z]{1,3}|APT|AK|CA|NS|LC|DRS|DRA|IR|DR|HJ|H"
_BACK: Final = rf"(?:(?: ?,[ ,]*(?:{_DEGREE}|{_BEHIND_COMMA})|\.? (?:{_DEGREE}|S\.?T))\.?)+$"
_DECEASED: Final = r"\b(?:ALM|ALMH|ALMARHUM|ALMARHUMAH|MENINGGAL DUNIA|MENINGGAL|WAFAT)\b\.?"
# A name of two characters and more goes before another one: of "A / MOCH. ALIAS MAMAT" it is "A / MOCH.".
_NO_MARK: Final = r"[^ ,/@(\[=]"
_ALIAS: Final = rf"^({_NO_MARK}.*?{_NO_MARK})[ ,]*(?: ALIAS[ .:]| AKA | A\.K\.A\.? | AL\. |/|@|\(|\[| ?= ?)"
_KIN: Final = r"^(.+?)[ ,]+(?:BIN|BINTI|BINTE|BTE|BNTI|BT)\.? (.+)$"
_NEVER_ALONE: Final = ("SITI", "ST", "ST.", "SRI", "NUR", "DEWI", "UMI", "UMMI")
_NOBODY: Final = (
    r"^(?:NULL|NIHIL|N ?A|NN|NAMA|X+|TANPA NAMA|NO NAME|KOSONG|TEST|TES|DUMMY|UNKNOWN"
    r"|(?:TIDAK|TDK|BELUM|BLM) (?:ADA|TAHU|TH|DIKETAHUI|JELAS))$"
)

# Abbreviations and spellings that stand for one word only. Pattern over whole words, canonical form.
_OPENED: Final = (
    (r"\b(?:M[OU](?:CH|KH|H|K|C)?AM+[AE][DT]|M[OU](?:CH|H|KH)D?|MHD|MUHAMAD)\b", "MUHAMMAD"),
    (r"^(?:M|MD) ", "MUHAMMAD "),
    (r"\bABD\b", "ABDUL"),
    (r"\b(?:ACH|AKH|AHM|AH)\b", "ACHMAD"),
    (r"^ST ", "SITI "),
    (r"\b(?:STI|SITTI|SITY)\b", "SITI"),
    (r"\bDW\b", "DEWI"),
)


def _upper(text: ir.StringValue) -> ir.StringValue:
    return text.cast("string").upper()


def _replaced(text: ir.StringValue, rules: tuple[tuple[str, str], ...]) -> ir.StringValue:
    """Apply patterns one after another; most names match none, and one search says so."""
    changed = text
    for pattern, canonical in rules:
        changed = changed.re_replace(pattern, canonical)
    return text.re_search("|".join(pattern for pattern, _ in rules)).ifelse(changed, text)


def _without_accents(upper: ir.StringValue) -> ir.StringValue:
    """Take off marks: those of a letter (Ş, Ễ) and those that stand behind it as characters of their own."""
    plain = upper.translate(*_ACCENTS).re_replace(_VOWELS, "")
    text = plain.re_search("[A-Z]").ifelse(plain.re_replace(_MARKS, ""), plain)
    for written, plain in _WHOLE:
        text = text.replace(written, plain)
    return text


def tidy(written: ir.StringValue) -> ir.StringValue:
    """Capitals, Latin letters without accents, no quotes, single blanks; points and commas stay."""
    upper = _upper(written)
    text = upper.re_search(_BEYOND_ASCII).ifelse(_without_accents(upper), upper).re_replace(_QUOTES, "")
    text = text.re_search(r"[A-Z][01]|[01][A-Z]").ifelse(text.translate("01", "OI"), text)
    return text.re_replace(r"[\s_;:?*#+~-]+|[0-9]+", " ").strip()


def is_marked_deceased(tidied: ir.StringValue) -> ir.BooleanValue:
    """Say whether the name carries Alm., Almh. or the like: the person is held to be dead."""
    return tidied.re_search(_DECEASED)


def without_marks(tidied: ir.StringValue) -> ir.StringValue:
    """Take off Alm./Almh. and everything from an alias on (``alias``, ``al.``, ``/``, ``@``, brackets).

    ``AL`` without a point stays: MUHAMMAD AL FATIH is a name, not an alias.
    """
    bare = tidied.re_replace(_DECEASED, " ").re_replace(r"\( *\)|\[ *\]", " ")
    bare = bare.re_replace(r"^[ .,/@=)]+|[ ,]+$|\s+", " ").strip()
    marked = bare.re_search(r"[/@(\[=]| AL\. | ALIAS| AKA | A\.K\.A")
    first = marked.ifelse(bare.re_extract(_ALIAS, 1), "")
    return (first == "").ifelse(bare, first)


def front_titles(text: ir.StringValue) -> ir.StringValue:
    """Return the titles before a name (H., Hj., Drs., Ny., Bpk. …), empty where there are none.

    GUS and NING stay on: in East Java they are given names as well. A title is taken off only where
    a name of three letters or more is left.
    """
    found = text.re_extract(_FRONT, 0)
    left = text.length() - found.length()
    return (left >= 3).ifelse(found, "")


def back_titles(text: ir.StringValue) -> ir.StringValue:
    """Return the degrees behind a name (S.Pd, S.E., A.Md …), empty where there are none."""
    found = text.re_extract(_BACK, 0)
    left = text.length() - found.length()
    return (left >= 1).ifelse(found, "")


def own_part(text: ir.StringValue) -> ir.StringValue:
    """Return the name before bin/binti.

    Binti is a given name too in East Java: a name that begins with it, or has only Siti, Sri … before
    it, is whole.
    """
    own = text.re_extract(_KIN, 1)
    return own.isin(["", *_NEVER_ALONE]).ifelse(text, own)


def father_part(text: ir.StringValue) -> ir.StringValue:
    """Return the name after bin/binti, empty where there is none."""
    own = text.re_extract(_KIN, 1)
    return own.isin(["", *_NEVER_ALONE]).ifelse("", text.re_extract(_KIN, 2))


def spell(text: ir.StringValue) -> ir.StringValue:
    """Letters and single blanks only, unambiguous abbreviations opened (MOCH. is MUHAMMAD, ABD. is ABDUL).

    Words in another script than ours have their own letters, as they are written.

    Single letters stay what they are, but for a leading M, which stands for MUHAMMAD in all but
    rare cases; A., N. and S. do not stand for one name.
    """
    name = _replaced(text.re_replace(_NO_LETTERS, " ").strip(), _OPENED)
    return name.re_search(_NOBODY).ifelse("", name).nullif("")


# Spellings of one Arabic or Javanese name that the letter rules below would keep apart.
_SAME: Final = (
    (r"\bA(?:C|K)?HMAD\b", "AMAD"),
    (r"\bMUHAMMAD", "MUAMAT"),
    (r"\b(?:K|C)?HOIR", "HAIR"),
    (r"\bR[OA](?:C|K)?HM", "RAM"),
    (r"\bR[OA](?:C|K)?HIM", "RAIM"),
    (r"\bABDUR+[OA](?:C|K)?H?M", "ABDUL RAM"),
    (r"\bABDU(?:R|S|N|Z|D|T|SY)? ", "ABDUL "),
    (r"\bJA[EI]N", "ZAIN"),
    (r"\bJULAI", "ZULAI"),
    (r"\bJULK", "ZULK"),
    (r"\bJUBA[EI]", "ZUBAI"),
    (r"\bJAHR[AO]", "ZAHRA"),
    (r"\bJAKARI", "ZAKARI"),
    (r"[FPV]AUJI", "FAUZI"),
    (r"\bRIJAL", "RIZAL"),
    (r"\bRIJ[KQ]", "RIZK"),
    (r"AJIJ", "AZIZ"),
    (r"LJ", "LY"),
    (r"HJ", "HY"),
    (r"\bJUSU[FP]", "YUSUP"),
    (r"\bFATMA", "FATIMA"),
    (r"\bPATMA", "FATIMA"),
    (r"\bSERI\b", "SRI"),
    (r"CHAND", "CAND"),
    (r"\bCHRI", "KRI"),
    (r"\bCH(?:ARL|INT|ELS|ERR|ERL)", "C"),
    (r"TIK\b", "TI"),
)
_UNHEARD: Final = (("CH", ""), ("KH", ""), ("H", ""))
_OLD: Final = (
    ("OE", "U"), ("DJ", "J"), ("TJ", "C"), ("SJ", "S"), ("SY", "S"), ("NJ", "NY"), ("CK", "K"), ("X", "KS"),
)  # fmt: skip
_ALIKE: Final = ("OEYFVZQ", "UIIPPSK")
_DOUBLE: Final = "ABCDGJKLMNPRSTW"


def fold(name: ir.StringValue) -> ir.StringValue:
    """Fold the words of a standardised name by sound and spelling: what linkage compares.

    Old spelling (OE DJ TJ SJ NJ LJ HJ CH), Javanese TH and DH, H unheard, O=U, E=Y=I, F=V=P, Z=S, Q=K,
    UW=U, double letters single, hard endings (-D is -T, -B is -P), -TIK is -TI; the commonest Arabic
    names as one (Rochman and Rahman, Choirul and Khoirul, Achmad and Ahmad). Words stay in their
    order; single letters stay initials, folded like the first letters of words.
    """
    key = _replaced(name, _SAME)
    for written, heard in (*_UNHEARD, *_OLD):
        key = key.replace(written, heard)
    key = key.translate(*_ALIKE).re_replace(r"\BD\b", "T").re_replace(r"\BB\b", "P")
    for letter in _DOUBLE:
        key = key.replace(letter * 2, letter)
    key = key.re_replace(r"II+", "I").re_replace(r"UU+", "U")
    return key.replace("UW", "U").re_replace(r" +", " ").strip().nullif("")


def joined(key: ir.StringValue) -> ir.StringValue:
    """Write a folded name as one word, so that SRI WAHYUNI meets SRIWAHYUNI.

    What `fold` does at the end of words (hard D and B) and to double letters is done throughout, as
    a word's end may lie inside.
    """
    word = key.replace(" ", "").translate("DB", "TP")
    for letter in "AIKLMNPRSTU":
        word = word.replace(letter * 2, letter)
    return word
