CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- The words of a child's names, as they are searched.
CREATE FUNCTION words_of(given_name text, family_name text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN regexp_split_to_array(
    trim(regexp_replace(lower(coalesce(given_name, '') || ' ' || coalesce(family_name, '')), '[^[:alnum:]]+', ' ', 'g')), ' ');

-- What is written is in the index at once, so that nobody who searches has to look through what waits to be.
CREATE INDEX child_words_idx ON child USING gin (words_of(given_name, family_name)) WITH (fastupdate = off);
CREATE INDEX child_born_on_idx ON child (born_on, person_id);
CREATE INDEX child_number_idx ON child (upper(person_id) text_pattern_ops);

-- Each word that is in a name, once: there are far fewer than children, so that those spelled alike are found quickly.
CREATE TABLE name_word (word varchar PRIMARY KEY);
CREATE INDEX name_word_alike_idx ON name_word USING gin (word gin_trgm_ops) WITH (fastupdate = off);

CREATE FUNCTION keep_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO name_word SELECT DISTINCT unnest(words_of(NEW.given_name, NEW.family_name)) ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER words_are_kept AFTER INSERT OR UPDATE OF given_name, family_name ON child
    FOR EACH ROW EXECUTE FUNCTION keep_words();
INSERT INTO name_word SELECT DISTINCT unnest(words_of(given_name, family_name)) FROM child;

-- The words that are spelled most like one.
CREATE FUNCTION alike(wanted text, most integer) RETURNS text[] LANGUAGE sql STABLE AS $$
    SELECT coalesce(array_agg(word::text), '{}') FROM (
        SELECT word FROM name_word WHERE word % wanted ORDER BY similarity(word, wanted) DESC, word LIMIT most
    ) nearest
$$;

-- The children who fit best: whose number begins with `number`, or who have a word alike in their names for each of
-- `words` and were born on a day, as far as these are given.
CREATE FUNCTION find_children(words text[], born date, number text, most integer)
RETURNS TABLE (found_id varchar, score real) LANGUAGE plpgsql STABLE ROWS 20 AS $$
DECLARE
    -- One word alone finds very many children, all of whom have to be ranked.
    spellings integer := CASE cardinality(words) WHEN 1 THEN 10 ELSE 40 END;
    first_alike text[] := alike(words[1], spellings);
    -- A word that is not given is the first one again.
    second_alike text[] := alike(coalesce(words[2], words[1]), spellings);
    third_alike text[] := alike(coalesce(words[3], words[1]), spellings);
    whole text := array_to_string(words, ' ');
BEGIN
    RETURN QUERY SELECT child.person_id, 2::real FROM child
        WHERE upper(child.person_id) LIKE number || '%' ORDER BY upper(child.person_id) LIMIT most;
    IF cardinality(words) > 0 THEN
        RETURN QUERY SELECT child.person_id, similarity(concat_ws(' ', given_name, family_name), whole) FROM child
            WHERE words_of(given_name, family_name) && first_alike
                AND words_of(given_name, family_name) && second_alike
                AND words_of(given_name, family_name) && third_alike
                AND (born IS NULL OR born_on = born) AND merged_into IS NULL
            ORDER BY 2 DESC, 1 LIMIT most;
    ELSIF born IS NOT NULL THEN
        RETURN QUERY SELECT child.person_id, 1::real FROM child
            WHERE born_on = born AND merged_into IS NULL ORDER BY child.person_id LIMIT most;
    END IF;
END $$;
