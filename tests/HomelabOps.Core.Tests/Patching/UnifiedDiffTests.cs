using HomelabOps.Core.Patching;

namespace HomelabOps.Core.Tests.Patching;

public sealed class UnifiedDiffTests
{
    [Fact]
    public void A_change_has_three_lines_around_it_and_its_place() =>
        Assert.Equal(
            "--- a\n+++ b\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8",
            Of(["1", "2", "3", "4", "5", "6", "7", "8", "9"], ["1", "2", "3", "4", "five", "6", "7", "8", "9"]));

    [Fact]
    public void Changes_that_are_near_share_a_hunk_and_others_have_their_own()
    {
        var before = Enumerable.Range(1, 40).Select(line => $"{line}").ToArray();
        var after = before.ToList();
        (after[4], after[10], after[30]) = ("five", "eleven", "thirty-one");
        var hunks = Of(before, [.. after]).Split('\n').Where(line => line.StartsWith("@@", StringComparison.Ordinal));
        Assert.Equal(["@@ -2,13 +2,13 @@", "@@ -28,7 +28,7 @@"], hunks);
    }

    [Fact]
    public void What_is_new_or_gone_has_one_side_only()
    {
        Assert.Equal("--- a\n+++ b\n@@ -0,0 +1,2 @@\n+1\n+2", Of([], ["1", "2"]));
        Assert.Equal("--- a\n+++ b\n@@ -1,2 +0,0 @@\n-1\n-2", Of(["1", "2"], []));
        Assert.Equal("", Of(["1"], ["1"]));
        Assert.Equal("", Of([], []));
    }

    [Fact]
    public void Applied_to_the_old_text_it_gives_the_new_one()
    {
        var random = new Random(7);
        for (var round = 0; round < 300; round++)
        {
            var before = Enumerable.Range(0, random.Next(30)).Select(_ => $"{random.Next(6)}").ToArray();
            var after = before.Where(_ => random.Next(4) > 0).SelectMany(line => random.Next(5) == 0 ? [line, $"{random.Next(6)}"] : new[] { line }).ToArray();
            Assert.Equal(after, Apply(before, Of(before, after)));
        }
    }

    [Fact]
    public void Texts_with_nothing_in_common_are_removed_and_added_whole()
    {
        var before = Enumerable.Range(0, 4000).Select(line => $"a{line}").ToArray();
        var after = Enumerable.Range(0, 4000).Select(line => $"b{line}").ToArray();
        Assert.Equal(after, Apply(before, Of(before, after)));
    }

    private static string Of(string[] before, string[] after) => UnifiedDiff.Of(string.Join('\n', before), string.Join('\n', after), "a", "b");

    // As patch does it: by the numbers of the hunks, and each line that stays or goes must be there.
    private static List<string> Apply(string[] before, string diff)
    {
        var result = new List<string>();
        var next = 0;
        foreach (var line in diff.Length == 0 ? [] : diff.Split('\n').Skip(2))
        {
            if (line.StartsWith("@@", StringComparison.Ordinal))
            {
                var numbers = line.Split(' ')[1][1..].Split(',').Select(int.Parse).ToArray();
                var start = numbers[1] == 0 ? numbers[0] : numbers[0] - 1;
                result.AddRange(before[next..start]);
                next = start;
                continue;
            }

            if (line[0] != '+')
            {
                Assert.Equal(before[next++], line[1..]);
            }

            if (line[0] != '-')
            {
                result.Add(line[1..]);
            }
        }

        result.AddRange(before[next..]);
        return result;
    }
}
