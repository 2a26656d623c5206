from __future__ import annotations

from casekit.ingest.ocr.order import Box, arranged


def line(left: float, top: float, width: float = 400) -> Box:
    return (left, top, left + width, top + 20)


def test_lines_go_down_and_pieces_of_a_line_to_the_right() -> None:
    boxes = [line(500, 3, 100), line(0, 40), line(0, 0), line(0, 66)]
    assert arranged(boxes) == [[[2, 0]], [[1], [3]]]


def test_columns_are_read_one_after_the_other_below_their_heading() -> None:
    boxes = [line(200, 0, 700)]
    boxes += [line(left, 60 + 26 * n) for n in range(4) for left in (0, 600)]
    boxes += [line(100, 200, 800)]
    boxes += [line(left, 260 + 26 * n) for n in range(3) for left in (0, 600)]
    read = [n for paragraph in arranged(boxes) for row in paragraph for n in row]
    assert read == [0, 1, 3, 5, 7, 2, 4, 6, 8, 9, 10, 12, 14, 11, 13, 15]


def test_lines_over_all_columns_are_one_paragraph() -> None:
    boxes = [line(left, 26 * n) for n in range(9) for left in (0, 600)]
    boxes += [line(100, 260 + 26 * n, 800) for n in range(4)]
    assert arranged(boxes)[-1] == [[18], [19], [20], [21]]


def test_three_columns_are_three() -> None:
    boxes = [line(left, 26 * n, 300) for n in range(3) for left in (0, 400, 800)]
    read = [n for paragraph in arranged(boxes) for row in paragraph for n in row]
    assert read == [0, 3, 6, 1, 4, 7, 2, 5, 8]


def test_blocks_that_do_not_stand_side_by_side_are_read_downwards() -> None:
    boxes = [line(600, 26 * n) for n in range(3)] + [line(0, 200 + 26 * n) for n in range(3)]
    assert arranged(boxes) == [[[0], [1], [2]], [[3], [4], [5]]]


def test_lines_set_in_begin_no_column_of_their_own() -> None:
    boxes = [line(0, 26 * n) for n in range(9)]
    boxes += [line(600 + 40 * (n % 3 == 0), 26 * n, 400 - 40 * (n % 3 == 0)) for n in range(9)]
    assert arranged(boxes) == [[[n] for n in range(9)], [[n] for n in range(9, 18)]]


def test_a_table_is_read_row_by_row() -> None:
    boxes = [line(left, 26 * n, 90) for n in range(5) for left in (0, 200, 400)]
    assert arranged(boxes) == [[[3 * n, 3 * n + 1, 3 * n + 2] for n in range(5)]]


def test_nothing_is_nothing_and_every_piece_is_read_once() -> None:
    assert arranged([]) == []
    boxes = [line(37 * n % 900, 61 * n % 700, 20 + 53 * n % 500) for n in range(120)]
    read = [n for paragraph in arranged(boxes) for row in paragraph for n in row]
    assert sorted(read) == list(range(120))
