-- target_list() -> list target_row
SELECT grade, year, least, note, ledger_seq FROM target ORDER BY grade, year;

-- target_get(grade text, year int) -> maybe target_row
SELECT grade, year, least, note, ledger_seq FROM target WHERE grade = $grade AND year = $year;

-- target_put(grade text, year int, least int, note text, ledger_seq int) -> run
INSERT INTO target (grade, year, least, note, ledger_seq) VALUES ($grade, $year, $least, $note, $ledger_seq)
    ON CONFLICT (grade, year) DO UPDATE SET least = excluded.least, note = excluded.note,
                                            ledger_seq = excluded.ledger_seq;
