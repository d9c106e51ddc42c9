using HomelabOps.Core;
using HomelabOps.Core.Recovery.Restoring;
using HomelabOps.Core.Ssh;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Sandbox.Tests.Recovery;

/// <summary>A cluster is back when it is what the newest commit says, and not what the one before said.</summary>
public sealed class RestoreRevisionTests
{
    private const string Apps = "clusters/homelab/apps/kustomization.yaml";

    [Fact]
    public async Task The_newest_commit_is_waited_for_and_one_that_does_not_build_is_told()
    {
        await using var fresh = await FreshHomelab.StartAsync();
        var (first, _) = await fresh.RestoreAsync(fresh.Options);
        Assert.True(first.Recovered, string.Join('\n', first.Pending));

        fresh.Commit("clusters/homelab/NOTES.md", "Nothing that Flux reads.\n");
        var (second, _) = await fresh.RestoreAsync(fresh.Options);
        Assert.True(second.Recovered, string.Join('\n', second.Pending));
        Assert.EndsWith(fresh.Homelab.Repository.Tip(), second.Revision, StringComparison.Ordinal);

        var apps = fresh.Read(Apps);
        fresh.Commit(Apps, "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [nosuch.yaml]\n");
        var (broken, notices) = await fresh.RestoreAsync(fresh.Options);
        Assert.False(broken.Recovered);
        Assert.EndsWith(fresh.Homelab.Repository.Tip(), broken.Revision, StringComparison.Ordinal);
        var error = Assert.Single(notices.OfType<FailureNotice>()).Error;
        Assert.Equal("RecoveryBuildFailed", error.Id);
        Assert.Contains("flux-system/apps", error.Message, StringComparison.Ordinal);
        Assert.Contains("nosuch.yaml", error.Message, StringComparison.Ordinal);

        fresh.Commit(Apps, apps);
        var (mended, _) = await fresh.RestoreAsync(fresh.Options);
        Assert.True(mended.Recovered, string.Join('\n', mended.Pending));
        Assert.EndsWith(fresh.Homelab.Repository.Tip(), mended.Revision, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_holds_a_Kustomization_up_is_said_by_its_cause()
    {
        await using var fresh = await FreshHomelab.StartAsync();
        fresh.Commit(Apps, fresh.Read(Apps).TrimEnd() + "\n  - blocked.yaml\n");
        fresh.Commit("clusters/homelab/apps/blocked.yaml", """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: blocked, namespace: media}
            spec:
              selector: {matchLabels: {app: blocked}}
              template:
                metadata: {labels: {app: blocked}}
                spec:
                  containers:
                    - name: blocked
                      image: docker.io/library/busybox:1.36
                      envFrom: [{secretRef: {name: typed-by-nobody}}]
            """);
        var (result, notices) = await fresh.RestoreAsync(fresh.Options with { Timeout = TimeSpan.FromSeconds(50) });
        var error = Assert.Single(notices.OfType<FailureNotice>()).Error;
        Assert.Equal((false, "RecoveryUnfinished"), (result.Recovered, error.Id));
        Assert.Contains(result.Pending, pending => pending.StartsWith("flux-system/apps: ", StringComparison.Ordinal) && pending.Contains("typed-by-nobody", StringComparison.Ordinal));
        Assert.Contains("typed-by-nobody", error.Message, StringComparison.Ordinal);
        Assert.Contains(notices.OfType<ProgressNotice>(), notice => notice.Status.Contains("typed-by-nobody", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_Flux_cannot_log_in_with_is_said_before_anything_is_tried()
    {
        await using var fresh = await FreshHomelab.StartAsync();
        var plan = await RestorePlan.MakeAsync(fresh.Options, TestContext.Current.CancellationToken);
        plan.CheckLogin(fresh.Options.Login, mayAsk: false, new KnownHosts([]));
        plan.CheckLogin(null, mayAsk: true, new KnownHosts([]));
        Assert.Equal("RecoveryCredentialRequired", Assert.Throws<HomelabException>(() => plan.CheckLogin(null, mayAsk: false, new KnownHosts([]))).Id);
        Assert.Equal("PathNotFound", Assert.Throws<HomelabException>(() => plan.CheckLogin(new(new("git", "a token"), "/nowhere/key"), mayAsk: true, new KnownHosts([]))).Id);
        Assert.Equal("RecoveryLoginUnfit", Assert.Throws<HomelabException>(() => plan.CheckLogin(new(null, null), mayAsk: true, new KnownHosts([]))).Id);
    }
}
