from __future__ import annotations

from casekit.ingest.mail.markup import deepest, html_text, loose_text, remote_hosts


def test_what_a_reader_sees_a_line_for_each_block() -> None:
    html = """<html><head><title>no</title><style>p{}</style></head><body>
      <p>One <b>bo</b>ld&nbsp;&amp; more</p><div>Two<br>three</div><script>no()</script>
      <table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table></body></html>"""
    assert html_text(html) == "One bold & more\nTwo\nthree\na b\nc"
    assert html_text("") == ""
    assert html_text("just text") == "just text"


def test_a_page_made_to_choke_parsers_is_still_read() -> None:
    html = "<style>no</style>" + "<div>" * 100_000 + "the &lt;end&gt;"
    assert html_text(html) == "the <end>"


def test_hosts_that_would_learn_of_the_reading() -> None:
    html = '<img src="https://T.example/p.gif?u=1"><td background=//b.example/x><img src="cid:a">'
    assert remote_hosts(html) == ["t.example", "b.example"]


def test_scripts_and_styles_are_left_out_and_what_never_closes_is_shown() -> None:
    page = "<title>no</title>a<SCRIPT>no<b>no</script >b<style>c<style>d<head>e</head>"
    assert loose_text(page) == "abcd"
    assert loose_text("<script>" * 200_000 + "end") == "end"


def test_depth_is_that_of_the_tags_inside_each_other() -> None:
    assert deepest("<p><b>x</b></p><p><i><u>x</u></i><br><img></p>") == 3
    assert deepest("text") == 0
