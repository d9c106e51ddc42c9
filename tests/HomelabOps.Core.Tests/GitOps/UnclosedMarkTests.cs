using HomelabOps.Core.GitOps.Yaml;

namespace HomelabOps.Core.Tests.GitOps;

/// <summary>Brackets, braces and quotes that nothing closes are told where they stand.</summary>
public sealed class UnclosedMarkTests
{
    [Theory]
    [InlineData("a: [\n", 1, 4)]
    [InlineData("a: {\n", 1, 4)]
    [InlineData("a: [b, c\nd: e\nf: [g]\n", 1, 4)]
    [InlineData("x: y\na: {b: c\nd: e\n", 2, 4)]
    [InlineData("a:\n  - [b, c\n  - d\n", 2, 5)]
    [InlineData("a:\n  - name: b\n    args: [c, {d: e}\n    image: f\n  - name: g\n", 3, 11)]
    [InlineData("a: [b, {c: d]\n", 1, 8)]
    [InlineData("a: [b, [c, d]\nx: y\n", 1, 4)]
    [InlineData("a: [b, [c, d\nx: {y: z}\n", 1, 8)]
    [InlineData("a: {b: {c: d}\ncmd: |\n  if [ x; then {\n", 1, 4)]
    [InlineData("a: {b: [c}\n", 1, 8)]
    [InlineData("{\"a\": [1, 2, \"b\": 3}\n", 1, 7)]
    [InlineData("# [ is no bracket {\n\na: b # nor { is this\nc: [d\n", 4, 4)]
    [InlineData("a: b\n---\nc: [d\n---\ne: f\n", 3, 4)]
    [InlineData("--- # first\na: {b: c}\n--- {d: e\n", 3, 5)]
    [InlineData("a: 'it''s [ text'\nb: \"a \\\" { text\"\nc: text [ with { brackets\nd: [e\n", 4, 4)]
    [InlineData("a: ${VAR}\nb: \"${C[\"\nd: pre-${E}-[\nf: {g: h\n", 4, 4)]
    [InlineData("a: |\n  [ {\n\n   \" text\nb: >-\n  {\nc:\n  - |\n    [\n  - d: |\n      {\n    e: [f\n", 12, 8)]
    [InlineData("a: plain\n  [ goes on\nb: [c\n", 3, 4)]
    [InlineData("a: [b, # ] {\n  'c]', \"d}\"\n", 1, 4)]
    [InlineData("a: !x [b\nc: &d [e]\n", 1, 7)]
    [InlineData("\"a\": [b\n", 1, 6)]
    [InlineData("a: [\n  b,\n  {c: d,\n]\n", 3, 3)]
    [InlineData("a: 'b\n", 1, 4)]
    [InlineData("x: y\na: 'b\nc: 'd'\n", 2, 4)]
    [InlineData("a: \"b\nc: \"d\"\n", 1, 4)]
    [InlineData("a:\n  - \"b\n  - c\n", 2, 5)]
    [InlineData("a: [\"b, c]\nd: e\n", 1, 5)]
    [InlineData("\uFEFFa: b\r\nc: [d\r\n", 2, 4)]
    public void What_is_not_closed_is_told_at_its_beginning(string text, long line, long column)
    {
        var place = Assert.Throws<HomelabException>(() => YamlReader.ReadAll("a.yaml", text)).Place!;
        Assert.Equal((line, column), (place.Line, place.Column));
        Assert.Contains("is not closed", place.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a: b: c\nd: [e]\n", 1)]
    [InlineData("a: [b, c]\nd: @e\n", 2)]
    [InlineData("a: 'it's'\n", 1)]
    [InlineData("a: b: c\nd: [e\n", 1)]
    [InlineData("a: b]\nc: d}\n e: f\n", 3)]
    public void What_breaks_the_file_otherwise_is_told_as_before(string text, long line)
    {
        var place = Assert.Throws<HomelabException>(() => YamlReader.ReadAll("a.yaml", text)).Place!;
        Assert.Equal(line, place.Line);
        Assert.DoesNotContain("is not closed", place.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a: [\nb,\n{c: d}\n]\n")]
    [InlineData("a: \"b\n\n  c\"\nd: 'e\n  f'\n")]
    [InlineData("a: b[c] {d\ne: f's\ng: \"h\": i\n")]
    [InlineData("url: http://a/[b\nc#d: [e]\n")]
    [InlineData("'a': {b: 'c', \"d\":[e, 'f''s'], g: http://h}\n{i: j}: k\n")]
    [InlineData("? [a]\n: {b: c}\n...\n--- |\n {\n")]
    [InlineData("- - [a]\n  - >2\n     {\n- &x 'b'\n- *x\n- !!str [\n    c ]\n")]
    public void What_is_closed_or_only_text_is_not_told(string text) => Assert.Null(UnclosedMark.Find(text));
}
