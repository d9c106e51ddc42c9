namespace HomelabOps.HelpBuilder.Tests;

public sealed class TopicTests
{
    private const string Good = """
        # about_Things

        ## Short description

        What things are.

        ## Long description

        A paragraph with `code` and *more* words than one line of eighty columns can hold, so that it is wrapped.

        - an item that is so long that it has to be wrapped too, which it is with its text hanging below
        - short

        ### A heading

        ```powershell
        Get-Thing |
            Remove-Thing
        ```

        | Kind | Meaning |
        | --- | --- |
        | Small | a thing with a description that is so long that the last column of the table is wrapped |

        ## Examples

        ### One

        Text.

        """;

    [Fact]
    public void A_topic_is_text_of_eighty_columns()
    {
        using var bench = new Workbench();

        Assert.Empty(bench.Topic("about_Things.md", Good).Run());

        const string expected = """
            TOPIC
                about_Things

            SHORT DESCRIPTION
                What things are.

            LONG DESCRIPTION
                A paragraph with code and more words than one line of eighty columns can
                hold, so that it is wrapped.

                - an item that is so long that it has to be wrapped too, which it is with
                  its text hanging below
                - short

              A heading

                    Get-Thing |
                        Remove-Thing

                Kind   Meaning
                -----  -----------------------------------------------------------------
                Small  a thing with a description that is so long that the last column
                       of the table is wrapped

            EXAMPLES
              One

                Text.

            """;
        var text = File.ReadAllText(Path.Combine(bench.Output, "about_Things.help.txt"));
        Assert.Equal(expected, text, ignoreLineEndingDifferences: true);
        Assert.All(text.Split('\n'), line => Assert.InRange(line.Length, 0, 80));
    }

    [Theory]
    [InlineData("HELP002", "# about_Things", "# about_Thing")]
    [InlineData("HELP013", "What things are.", "What [things](nowhere.md) are.")]
    [InlineData("HELP016", "A paragraph", "A <b>paragraph</b>")]
    [InlineData("HELP017", "## Short description\n\nWhat things are.\n", "")]
    [InlineData("HELP017", "What things are.", "")]
    [InlineData("HELP017", "What things are.", "What\n\nthings are.")]
    [InlineData("HELP017", "What things are.", "This is a description that is not short at all, so that it would not fit in one line.")]
    public void A_broken_topic_is_an_error(string code, string good, string bad)
    {
        using var bench = new Workbench();
        bench.Topic("about_Things.md", Good.ReplaceLineEndings("\n").Replace(good, bad, StringComparison.Ordinal));

        Assert.Contains(bench.Run(), e => e.Code == code);
        Assert.False(Directory.Exists(bench.Output));
    }

    [Fact]
    public void A_topic_has_the_name_of_one()
    {
        using var bench = new Workbench();

        Assert.Equal("HELP017", Assert.Single(bench.Topic("Things.md", Good.Replace("about_Things", "Things", StringComparison.Ordinal)).Run()).Code);
    }

    [Fact]
    public void A_topic_that_is_gone_leaves_no_file()
    {
        using var bench = new Workbench();
        bench.Topic("about_Things.md", Good).Run();
        File.Move(Path.Combine(bench.Topics, "about_Things.md"), Path.Combine(bench.Topics, "README.md"));

        bench.Run();

        Assert.False(File.Exists(Path.Combine(bench.Output, "about_Things.help.txt")));
    }
}
