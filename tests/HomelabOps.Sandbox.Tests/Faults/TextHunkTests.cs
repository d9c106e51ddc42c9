using HomelabOps.Sandbox.Faults.Effects;

namespace HomelabOps.Sandbox.Tests.Faults;

/// <summary>Changes of texts are taken back where they still are.</summary>
public sealed class TextHunkTests
{
    private const string Text = "limits:\n  cpu: 1\n  memory: 1Gi\nrequests:\n  cpu: 2\n  memory: 1Gi\n";

    [Theory]
    [InlineData("limits:\n  cpu: 1\n  memory: 16Mi\nrequests:\n  cpu: 2\n  memory: 1Gi\n")]
    [InlineData("limits:\n  cpu: 1\nrequests:\n  cpu: 2\n  memory: 1Gi\n")]
    [InlineData("limits:\n  cpu: 1\n  memory: 1Gi\n  disk: 1\nrequests:\n  cpu: 2\n  memory: 1Gi\n")]
    [InlineData("first:\nlimits:\n  cpu: 1\n  memory: 1Gi\nrequests:\n  cpu: 2\n  memory: 1Gi\n")]
    [InlineData("limits:\n  cpu: 1\n  memory: 1Gi\nrequests:\n  cpu: 2\n  memory: 1Gi\nlast:\n")]
    public void It_comes_back(string changed)
    {
        var hunk = TextHunk.Between(Text, changed);
        Assert.True(hunk.Holds(changed));
        Assert.Equal(Text, hunk.Undo(changed));
    }

    [Fact]
    public void Of_two_equal_lines_the_right_one_is_taken_back()
    {
        var both = Text.Replace("1Gi", "16Mi", StringComparison.Ordinal);
        var hunk = TextHunk.Between(Text.Replace("cpu: 1\n  memory: 1Gi", "cpu: 1\n  memory: 16Mi", StringComparison.Ordinal), both);
        Assert.Equal("limits:\n  cpu: 1\n  memory: 16Mi\nrequests:\n  cpu: 2\n  memory: 1Gi\n", hunk.Undo(both));
    }

    [Fact]
    public void What_others_have_changed_stays()
    {
        var hunk = TextHunk.Between(Text, Text.Replace("cpu: 1", "cpu: 9", StringComparison.Ordinal));
        var mended = Text.Replace("cpu: 1", "cpu: 3", StringComparison.Ordinal);
        Assert.False(hunk.Holds(mended));
        Assert.Equal(mended, hunk.Undo(mended));
    }

    [Fact]
    public void A_line_that_was_taken_out_and_put_back_by_others_is_not_there_twice()
    {
        var hunk = TextHunk.Between("a\nb\nc\n", "a\nc\n");
        Assert.True(hunk.Holds("a\nc\n"));
        Assert.Equal("a\nc\nb\n", hunk.Undo("a\nc\nb\n"));
    }
}
