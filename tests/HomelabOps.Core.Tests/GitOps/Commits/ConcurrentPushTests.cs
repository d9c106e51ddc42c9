using HomelabOps.Core.GitOps.Commits;

namespace HomelabOps.Core.Tests.GitOps.Commits;

/// <summary>Many at once: each change arrives, and none takes another's away.</summary>
[Collection(nameof(Author))]
public sealed class ConcurrentPushTests : IDisposable
{
    private const int Pushers = 8;
    private const int Changes = 50;

    private readonly GitHome _home = new();

    public void Dispose() => _home.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Eight_pushers_lose_none_of_fifty_changes(bool ofTheRemote)
    {
        // Of one user: in clones of their own, or all in the one that is kept for the remote.
        var clones = Enumerable.Range(0, Pushers).Select(number => ofTheRemote ? "" : _home.Clone($"clone-{number}")).ToList();
        using var author = new Author();
        await InParallelAsync((pusher, number) => Committer(pusher).CommitAsync(TextEdit.Append(GitHome.Sonarr, $"change-{number}: {pusher}"), default));
        Check();
        Assert.All(clones.Where(clone => clone.Length > 0), clone => Assert.Equal("", GitCommand.Run(clone, "status", "--porcelain")));

        RepositoryCommitter Committer(int pusher) => ofTheRemote
            ? new(RepositoryLocation.OfRemote(_home.Remote, "main"), _home.Journal) { Cache = _home.At("cache") }
            : _home.Committer(clones[pusher]);
    }

    [Fact]
    public async Task Pushers_of_different_machines_lose_at_most_races_that_they_are_told_of()
    {
        var clones = Enumerable.Range(0, Pushers).Select(number => _home.Clone($"clone-{number}")).ToList();
        await InParallelAsync(async (pusher, number) =>
        {
            // Nothing keeps them apart but the remote: a lock in a cache of their own. Who lost four races tries again, as its user would.
            for (; ; )
            {
                try
                {
                    await new RepositoryCommitter(RepositoryLocation.OfFolder(clones[pusher]), _home.Journal) { Cache = _home.At($"cache-{pusher}") }
                        .CommitAsync(TextEdit.Append(GitHome.Sonarr, $"change-{number}: {pusher}"), default);
                    return;
                }
                catch (HomelabException error) when (error.Id == "PushRaceLost")
                {
                    Assert.Equal("", GitCommand.Run(clones[pusher], "status", "--porcelain"));
                }
            }
        });
        Check();
    }

    private static Task InParallelAsync(Func<int, int, Task> change)
    {
        var next = -1;
        return Task.WhenAll(Enumerable.Range(0, Pushers).Select(pusher => Task.Run(async () =>
        {
            while (Interlocked.Increment(ref next) is < Changes and var number)
            {
                await change(pusher, number);
            }
        })));
    }

    private void Check()
    {
        var lines = _home.RemoteText(GitHome.Sonarr).Split('\n').Where(line => line.StartsWith("change-", StringComparison.Ordinal)).Select(line => line.Split(':')[0]);
        Assert.Equal(Enumerable.Range(0, Changes).Select(number => $"change-{number}").Order(StringComparer.Ordinal), lines.Order(StringComparer.Ordinal));
        Assert.Equal(Changes + 1, int.Parse(GitCommand.Run(_home.Remote, "rev-list", "--count", "main"), System.Globalization.CultureInfo.InvariantCulture));
    }
}
