using System.Management.Automation;

namespace HomelabOps.Console.Tests;

public class LineBufferTests
{
    [Fact]
    public void Words_and_ends_are_reached_and_removed()
    {
        LineBuffer buffer = new();
        buffer.Insert("Get-Module -Name x");
        buffer.WordLeft();
        buffer.WordLeft();
        Assert.Equal("Get-Module -".Length, buffer.Cursor);
        buffer.KillWordLeft();
        Assert.Equal("Get-Name x", buffer.Text);
        buffer.WordRight();
        buffer.KillToEnd();
        Assert.Equal("Get-Name", buffer.Text);
        buffer.KillToStart();
        Assert.Equal(string.Empty, buffer.Text);
        buffer.Backspace();
        buffer.Delete();
        buffer.Left();
        buffer.Right();
        Assert.Equal(0, buffer.Cursor);
    }

    [Fact]
    public void A_character_of_two_units_is_one()
    {
        LineBuffer buffer = new();
        buffer.Insert("a😀b");
        buffer.Left();
        buffer.Backspace();
        Assert.Equal("ab", buffer.Text);
        Assert.Equal(1, buffer.Cursor);
    }

    [Theory]
    [InlineData("abc", 3)]
    [InlineData("日本", 4)]
    [InlineData("e\u0301", 1)]
    [InlineData("😀", 2)]
    public void Width_is_counted_in_columns(string text, int expected) => Assert.Equal(expected, Cells.Width(text));

    [Fact]
    public void What_does_not_fit_ends_in_an_ellipsis()
    {
        Assert.Equal("abc", Cells.Fit("abc", 3));
        Assert.Equal("ab…", Cells.Fit("abcd", 3));
        Assert.Equal("日…", Cells.Fit("日本語", 4));
    }

    [Fact]
    public void A_progress_row_has_the_width_it_was_given()
    {
        ProgressRecord record = new(1, new string('a', 200), "half of it") { PercentComplete = 50, SecondsRemaining = 75 };
        string row = new System.Management.Automation.Internal.StringDecorated(ProgressPane.Row(record, 79)).ToString(OutputRendering.PlainText);
        Assert.Equal(79, Cells.Width(row));
        Assert.Contains("half of it 00:01:15", row, StringComparison.Ordinal);
    }

    [Fact]
    public void Matches_share_their_beginning_and_are_listed_in_columns()
    {
        CompletionResult[] matches = [new("Get-Module"), new("Get-Member"), new("get-metric")];
        Assert.Equal("Get-M", CompletionCycle.Shared(matches));
        Assert.Equal(["Get-Module  get-metric", "Get-Member"], CompletionCycle.List(matches, 30, 10));
    }
}
