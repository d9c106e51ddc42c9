using HomelabOps.Core.GitOps.History;
using HomelabOps.Core.Tests.Diagnosis.Manifests;
using HomelabOps.Core.Tests.GitOps.Commits;

namespace HomelabOps.Core.Tests.GitOps.History;

/// <summary>What is restored can be built with the files of today, or is not restored.</summary>
public sealed class RestoreProofTests : IDisposable
{
    private const string Apps = "apps/kustomization.yaml", Sonarr = "apps/sonarr/kustomization.yaml";

    private readonly GitHome _home = new();
    private readonly string _clone;

    public RestoreProofTests()
    {
        _clone = _home.Clone("clone");
        Directory.Delete(Path.Combine(_clone, "apps"), recursive: true);
        GitHome.Write(_clone, "cluster/sync.yaml", Checked.Object("source.toolkit.fluxcd.io/v1", "GitRepository", "flux-system", "flux-system", "interval: 1m\nurl: https://git.example/home.git") + "---\n" + Checked.Flux("apps", "./apps"));
        GitHome.Write(_clone, Apps, "resources:\n  - radarr\n  - sonarr\n");
        Application("radarr");
        Application("sonarr");
        GitHome.Push(_clone, "Begin");
        Drop("sonarr");
    }

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task What_can_be_built_comes_back() => Assert.Equal([Apps, "apps/sonarr/app.yaml", Sonarr], (await RestoreAsync("sonarr")).Files);

    [Fact]
    public async Task What_comes_back_has_to_run_and_nothing_else()
    {
        var edit = (await FindAsync(new(["sonarr"], [])))!;
        await _home.Committer(_clone).CommitAsync(edit, default);
        Assert.Equal(["Deployment/media/sonarr"], edit.Runs.Select(run => run.ToString()));
    }

    [Fact]
    public async Task What_is_otherwise_again_has_to_run_and_nothing_else()
    {
        GitHome.Write(_clone, "apps/radarr/app.yaml", App("radarr").Replace("replicas: 1", "replicas: 2", StringComparison.Ordinal));
        Application("sonarr");
        GitHome.Write(_clone, Apps, "resources:\n  - radarr\n  - sonarr\n");
        GitHome.Write(_clone, "apps/notes.txt", "Not of any application.");
        var commit = GitHome.Push(_clone, "Change one, add one");
        var edit = await _home.Committer(_clone).ReadAsync((repository, tip, _) => RevertEdit.Of(repository, tip, commit), default);
        await _home.Committer(_clone).CommitAsync(edit, default);
        Assert.Equal(["Deployment/media/radarr"], edit.Runs.Select(run => run.ToString()));
    }

    [Fact]
    public async Task What_a_reversion_changes_is_worked_out_once_for_each_state_of_the_files()
    {
        GitHome.Write(_clone, "apps/radarr/app.yaml", App("radarr").Replace("replicas: 1", "replicas: 2", StringComparison.Ordinal));
        var commit = GitHome.Push(_clone, "Change one");
        var committer = _home.Committer(_clone);
        var edit = await committer.ReadAsync((repository, tip, _) => RevertEdit.Of(repository, tip, commit), default);
        var shown = await committer.PreviewAsync(edit, default);
        var runs = edit.Runs;
        var (made, _) = await committer.CommitAsync(edit, default);
        Assert.Equal((shown.Diff, 1), (made.Diff, runs.Count));
        Assert.Same(runs, edit.Runs);

        await committer.PreviewAsync(edit, default);
        Assert.Empty(edit.Runs);
    }

    [Fact]
    public async Task What_later_commits_need_is_not_taken_back()
    {
        Application("lidarr");
        var commit = GitHome.Push(_clone, "Write it");
        GitHome.Write(_clone, Apps, "resources:\n  - radarr\n  - lidarr\n");
        var tip = GitHome.Push(_clone, "List it");
        var committer = _home.Committer(_clone);
        var edit = await committer.ReadAsync((repository, last, _) => RevertEdit.Of(repository, last, commit), default);

        var error = await Assert.ThrowsAsync<HomelabException>(() => committer.CommitAsync(edit, default));
        Assert.Equal(("RevertUnbuildable", tip), (error.Id, _home.RemoteTip));
        Assert.Contains("Kustomization/flux-system/apps", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_written_elsewhere_by_now_is_not_restored()
    {
        GitHome.Write(_clone, Apps, "resources:\n  - radarr\n  - series.yaml\n");
        GitHome.Write(_clone, "apps/series.yaml", App("sonarr"));
        var tip = GitHome.Push(_clone, "Write it anew");

        var error = await Assert.ThrowsAsync<HomelabException>(() => RestoreAsync("sonarr"));
        Assert.Equal(("RestoreUnbuildable", tip), (error.Id, _home.RemoteTip));
        Assert.Contains("Kustomization/flux-system/apps", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_needs_a_file_that_is_gone_is_not_restored()
    {
        GitHome.Write(_clone, "apps/shared/patch.yaml", App("sonarr"));
        GitHome.Write(_clone, Apps, "resources:\n  - radarr\n  - sonarr\n");
        Application("sonarr", "patches:\n  - path: ../shared/patch.yaml\n");
        GitHome.Push(_clone, "With a patch");
        Drop("sonarr");
        Directory.Delete(Path.Combine(_clone, "apps/shared"), recursive: true);
        var tip = GitHome.Push(_clone, "Tidy up");

        var error = await Assert.ThrowsAsync<HomelabException>(() => RestoreAsync("sonarr"));
        Assert.Equal(("RestoreUnbuildable", Sonarr, tip), (error.Id, error.Place?.File, _home.RemoteTip));
        Assert.Equal(["apps/shared/patch.yaml"], (await RestoreAsync(new ManifestScope([], ["apps/shared"]))).Files);
        Assert.Contains(Sonarr, (await RestoreAsync("sonarr")).Files);
    }

    [Fact]
    public async Task Of_what_is_broken_already_parts_come_back_with_a_warning()
    {
        Directory.Delete(Path.Combine(_clone, "apps/radarr"), recursive: true);
        GitHome.Write(_clone, Apps, "resources:\n  - radarr\n  - sonarr\n");
        GitHome.Push(_clone, "Break it");

        var edit = (await FindAsync(new(["sonarr"], [])))!;
        Assert.Equal(["apps/sonarr/app.yaml", Sonarr], (await _home.Committer(_clone).CommitAsync(edit, default)).Change.Files);
        Assert.Contains("Kustomization/flux-system/apps cannot be built", Assert.Single(edit.Warnings), StringComparison.Ordinal);

        edit = (await FindAsync(new(["radarr"], [])))!;
        await _home.Committer(_clone).CommitAsync(edit, default);
        Assert.Empty(edit.Warnings);
    }

    private static string App(string name) => Checked.Object("apps/v1", "Deployment", "media", name, "replicas: 1");

    private void Application(string name, string more = "")
    {
        GitHome.Write(_clone, $"apps/{name}/app.yaml", App(name));
        GitHome.Write(_clone, $"apps/{name}/kustomization.yaml", "resources:\n  - app.yaml\n" + more);
    }

    private void Drop(string name)
    {
        Directory.Delete(Path.Combine(_clone, $"apps/{name}"), recursive: true);
        GitHome.Write(_clone, Apps, "resources:\n  - radarr\n");
        GitHome.Push(_clone, $"Drop {name}");
    }

    private Task<RestoreEdit?> FindAsync(ManifestScope scope) => _home.Committer(_clone).ReadAsync((repository, tip, _) => RestoreFinder.Find(repository, tip, scope), default);

    private Task<GitOpsChange> RestoreAsync(string app) => RestoreAsync(new ManifestScope([app], []));

    private async Task<GitOpsChange> RestoreAsync(ManifestScope scope) => (await _home.Committer(_clone).CommitAsync((await FindAsync(scope))!, default)).Change;
}
