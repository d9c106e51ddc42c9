using HomelabOps.Core.Delivery;
using HomelabOps.Core.GitOps.Commits;
using HomelabOps.Core.Journal;
using HomelabOps.Core.Streaming;
using HomelabOps.Core.Tests.Fakes;

namespace HomelabOps.Core.Tests.Delivery;

/// <summary>What is told of a cluster that gives no answer to a commit that was pushed.</summary>
public sealed class ChangeDeliveryTests
{
    [Theory]
    [InlineData(500)]
    [InlineData(403)]
    public async Task What_goes_wrong_after_the_push_is_told_and_throws_nothing_away(int code)
    {
        var folder = Path.Combine(Path.GetTempPath(), "homelabops-unused");
        await using var server = new FakeApiServer((_, reply) => reply.FailAsync(code, code == 403 ? "Forbidden" : "InternalError", "not today"));
        using var client = server.Client();
        var journal = new ChangeJournal(Path.Combine(folder, "journal"));
        var change = new ChangeToDeliver(new RepositoryCommitter(RepositoryLocation.OfFolder(folder), journal), new string('1', 40), ["flux-system/apps"], [new(null, "Deployment", "media", "sonarr")]);
        var (results, failures) = (new List<bool>(), new List<HomelabException>());
        await foreach (var item in ChangeDelivery.RunAsync(client, change, TimeSpan.FromMinutes(1), journal, TestContext.Current.CancellationToken))
        {
            failures.AddRange(item.Notice is FailureNotice failure ? [failure.Error] : []);
            results.AddRange(item.Notice is null ? [item.Value] : []);
        }

        Assert.NotEmpty(failures);
        Assert.Equal([false], results);
    }
}
