"""Photos of a household form, small, each opening whole."""

from collections.abc import Sequence
from html import escape as html_escape

import streamlit as st

from queries.household_check import CheckPhoto

STRIP = """<style>
.photos{display:flex;flex-wrap:wrap;gap:.5rem}
.photos a{color:inherit;text-decoration:none;font-size:.85rem;width:104px}
.photos .picture{display:flex;align-items:center;justify-content:center;height:88px;width:104px;object-fit:cover;
  border-radius:.3rem;background:rgba(128,140,155,.14);font-weight:600}
</style>"""


def photo_strip(photos: Sequence[CheckPhoto]) -> None:
    """照片 1, 照片 2 …, in the order in which they were given."""
    if photos:
        st.html(f'{STRIP}<div class="photos">{"".join(_one(p, at) for at, p in enumerate(photos, start=1))}</div>')


def _one(photo: CheckPhoto, at: int) -> str:
    name = f"{'照片' if photo.is_image else '材料'} {at}"
    address = f"/evidence/{photo.id}"
    picture = (
        f'<img class="picture" src="{address}?size=240" alt="{name}" loading="lazy">'
        if photo.is_image
        else '<span class="picture">PDF</span>'
    )
    caption = html_escape(photo.caption)
    return f'<a href="{address}" target="_blank" title="{caption}">{picture}{name}</a>'
