using System.Text;
using HomelabOps.Core.Storage;

namespace HomelabOps.Core.Tests.Storage;

/// <summary>Merging of sorted listings.</summary>
public sealed class PodStorageComparerTests
{
    [Fact]
    public async Task Sizes_and_times_decide_and_two_seconds_are_nothing()
    {
        var found = await CompareAsync(["./a/1\t5\t100", "./a/2\t5\t100", "./a/3\t5\t100", "./a/5\t1\t1"], ["./a/1\t5\t102", "./a/2\t6\t100", "./a/3\t5\t103", "./a/4\t1\t1"], hash: false);
        Assert.Equal(["Differs a/2", "Differs a/3", "OnlyBackup a/4", "OnlyPrimary a/5"], found.Select(difference => difference.ToString()));
        Assert.Equal((5L, 6L, "a"), (found[0].PrimaryBytes, found[0].BackupBytes, found[0].App));
    }

    [Fact]
    public async Task Contents_decide_where_they_are_known() => Assert.Equal(
        ["Differs a/2"],
        (await CompareAsync(["./a/1\t5\t100\tx", "./a/2\t5\t100\tx"], ["./a/1\t5\t900\tx", "./a/2\t5\t100\ty"], hash: true)).Select(difference => difference.ToString()));

    [Fact]
    public async Task Names_are_in_the_order_of_their_bytes_with_tabs_in_them_too()
    {
        string[] names = ["./a", "./a b", "./a\tb", "./a/b", "./aä", "./b"];
        var lines = names.Select(name => $"{name}\t1\t1").Order(Comparer<string>.Create((left, right) => Encoding.UTF8.GetBytes(left).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(right)))).ToList();
        foreach (var left in lines)
        {
            Assert.Equal([$"OnlyBackup {left[2..left.LastIndexOf("\t1\t1", StringComparison.Ordinal)]}"], (await CompareAsync([.. lines.Where(line => line != left)], lines, hash: false)).Select(difference => difference.ToString()));
        }
    }

    [Theory]
    [InlineData("half of a name")]
    [InlineData("name\tx\t1")]
    [InlineData("name\t1\t1x")]
    [InlineData("\t1\t1")]
    public void What_is_no_line_is_passed_over(string line) => Assert.Null(StoredFile.Parse(Encoding.UTF8.GetBytes(line), hash: false));

    [Fact]
    public async Task A_listing_that_is_not_sorted_is_no_thousand_differences() =>
        await Assert.ThrowsAsync<InvalidOperationException>(() => CompareAsync(["./b\t1\t1", "./a\t1\t1"], ["./a\t1\t1"], hash: false));

    [Fact]
    public async Task A_million_files_are_not_held_in_memory()
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var largest = 0L;
        var count = 0;
        await foreach (var difference in PodStorageComparer.DifferencesAsync(Many(0), Many(1), hash: false, new HashSet<string>(), CancellationToken.None))
        {
            if (++count % 500 == 0)
            {
                largest = Math.Max(largest, GC.GetTotalMemory(forceFullCollection: true) - before);
            }
        }

        Assert.Equal(1000, count);
        Assert.True(largest < 32 << 20, $"{largest}");
    }

    // One in a thousand has another size on the other side.
    private static async IAsyncEnumerable<StoredFile> Many(int side)
    {
        for (var number = 0; number < 1_000_000; number++)
        {
            yield return new(Encoding.UTF8.GetBytes($"./app/{number:D7}\t"), number % 1000 == 0 ? side : 5, 1, "");
        }

        await Task.CompletedTask;
    }

    private static async Task<List<PodStorageDifference>> CompareAsync(IReadOnlyList<string> primary, IReadOnlyList<string> backup, bool hash)
    {
        var found = new List<PodStorageDifference>();
        await foreach (var difference in PodStorageComparer.DifferencesAsync(Files(primary, hash), Files(backup, hash), hash, new HashSet<string>(), CancellationToken.None))
        {
            found.Add(difference);
        }

        return found;
    }

    private static IAsyncEnumerable<StoredFile> Files(IReadOnlyList<string> lines, bool hash) => lines.Select(line => StoredFile.Parse(Encoding.UTF8.GetBytes(line), hash)!).ToAsyncEnumerable();
}
