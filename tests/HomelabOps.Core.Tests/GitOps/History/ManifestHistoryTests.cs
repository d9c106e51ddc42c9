using HomelabOps.Core.GitOps.Commits;
using HomelabOps.Core.GitOps.Git;
using HomelabOps.Core.GitOps.History;
using HomelabOps.Core.Tests.GitOps.Commits;

namespace HomelabOps.Core.Tests.GitOps.History;

/// <summary>What happened to files, what brings them back, and what takes commits back.</summary>
public sealed class ManifestHistoryTests : IDisposable
{
    private const string Media = "apps/media/kustomization.yaml";
    private const string Text = "resources:\n  - radarr # movies\n  - sonarr # series\n\n# The end.\n";

    private readonly GitHome _home = new();
    private readonly string _clone;

    public ManifestHistoryTests()
    {
        _clone = _home.Clone("clone");
        GitHome.Write(_clone, Media, Text);
        GitHome.Write(_clone, "apps/media/sonarr/kustomization.yaml", "resources:\n  - deployment.yaml\n");
        GitHome.Write(_clone, "apps/media/radarr/kustomization.yaml", "resources:\n  - deployment.yaml\n");
        GitHome.Write(_clone, "storage/pv-sonarr-primary.yaml", "kind: PersistentVolume\n");
        GitHome.Push(_clone, "Add kustomization files");
    }

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task Each_version_of_a_file_is_told_the_newest_first()
    {
        await _home.Committer(_clone).CommitAsync(TextEdit.Replace(GitHome.Sonarr, "4.0.0", "4.0.1"), default);
        Delete(GitHome.Sonarr);
        var last = GitHome.Push(_clone, "Drop sonarr");

        var versions = await VersionsAsync(new([], [GitHome.Sonarr]));
        Assert.Equal([ManifestChange.Deleted, ManifestChange.Modified, ManifestChange.Added], versions.Select(version => version.Change));
        Assert.Equal(["Drop sonarr", "Change deployment.yaml", "Begin"], versions.Select(version => version.Subject));
        Assert.Equal((last, "Anna", GitHome.Sonarr), (versions[0].Commit, versions[0].Author, versions[0].File));
        Assert.InRange(versions[0].Time, DateTime.Now.AddMinutes(-10), DateTime.Now.AddMinutes(10));
    }

    [Fact]
    public async Task Both_sides_of_a_merge_are_told_and_the_merge_is_not()
    {
        GitCommand.Run(_clone, "switch", "--quiet", "-c", "side");
        GitHome.Write(_clone, GitHome.Sonarr, "side\n");
        GitCommand.Run(_clone, "commit", "--quiet", "-am", "Side");
        GitCommand.Run(_clone, "switch", "--quiet", "main");
        GitHome.Write(_clone, "README.md", "main\n");
        GitCommand.Run(_clone, "commit", "--quiet", "-am", "Main");
        GitCommand.Run(_clone, "merge", "--quiet", "--no-edit", "side");
        GitCommand.Run(_clone, "push", "--quiet", "origin", "main");
        Assert.Equal(["Side", "Begin"], (await VersionsAsync(new([], [GitHome.Sonarr]))).Select(version => version.Subject));
    }

    [Theory]
    [InlineData("apps/media/sonarr/deployment.yaml", "sonarr", true)]
    [InlineData("apps/media/sonarr", "sonarr", true)]
    [InlineData("apps/media/sonarr.yaml", "sonarr", true)]
    [InlineData("storage/pv-sonarr-backup.yaml", "sonarr", true)]
    [InlineData("storage/pv-volsync-sonarr-config.yaml", "sonarr", true)]
    [InlineData("apps/media/pvc-sonarr-anime.yaml", "sonarr", false)]
    [InlineData("apps/media/pvc-sonarr-anime.yaml", "sonarr-anime", true)]
    [InlineData("apps/media/sonarr-anime/deployment.yaml", "sonarr", false)]
    [InlineData("apps/media/sonarr-anime/deployment.yaml", "sonarr*", true)]
    [InlineData("apps/media/kustomization.yaml", "sonarr", false)]
    public void Files_belong_to_applications_by_their_names(string path, string app, bool belongs) => Assert.Equal(belongs, new ManifestScope([app], []).Has(path));

    [Fact]
    public async Task A_deleted_application_comes_back_with_its_entry_and_nothing_else_changes()
    {
        Directory.Delete(Path.Combine(_clone, "apps/media/sonarr"), recursive: true);
        Delete("storage/pv-sonarr-primary.yaml");
        GitHome.Write(_clone, Media, Text.Replace("  - sonarr # series\n", "", StringComparison.Ordinal));
        GitHome.Push(_clone, "Drop sonarr");
        _home.PushElsewhere("README.md", "Later\n");

        var change = await RestoreAsync(new(["sonarr"], []));
        Assert.Equal("Restore sonarr", change.Subject);
        Assert.Equal([Media, GitHome.Sonarr, "apps/media/sonarr/kustomization.yaml", "storage/pv-sonarr-primary.yaml"], change.Files);
        Assert.Equal("resources:\n  - radarr # movies\n  - sonarr\n\n# The end.", _home.RemoteText(Media));
        Assert.Equal("image: sonarr:4.0.0\nreplicas: 1", _home.RemoteText(GitHome.Sonarr));
        Assert.Equal("Later", _home.RemoteText("README.md"));
        Assert.Equal("ManifestNotDeleted", (await Assert.ThrowsAsync<HomelabException>(() => RestoreAsync(new(["sonarr"], [])))).Id);
    }

    [Fact]
    public async Task What_an_interrupted_restoration_brought_back_is_known()
    {
        Delete("storage/pv-sonarr-primary.yaml");
        GitHome.Push(_clone, "Drop the volume");
        Directory.Delete(Path.Combine(_clone, "apps/media/sonarr"), recursive: true);
        GitHome.Write(_clone, Media, Text.Replace("  - sonarr # series\n", "", StringComparison.Ordinal));
        GitHome.Push(_clone, "Drop sonarr");
        var scope = new ManifestScope(["sonarr"], []);
        Assert.False(Record(scope).Find());
        Record(scope).Begin();
        Assert.True(Record(scope).Find());
        Assert.False(Record(new(["radarr"], [])).Find());
        Assert.False(await IsBackAsync(scope));

        await RestoreAsync(scope);
        Assert.True(await IsBackAsync(scope));
        Assert.False(await IsBackAsync(new([], ["storage"])));
        var record = Record(scope);
        Assert.True(record.Find());
        record.End();
        Assert.False(Record(scope).Find());

        // The older deletion is what comes next then.
        Assert.Equal(["storage/pv-sonarr-primary.yaml"], (await RestoreAsync(scope)).Files);
    }

    [Fact]
    public async Task An_entry_that_was_brought_back_is_known_and_one_that_moved_is_not()
    {
        var scope = new ManifestScope(["sonarr"], []);
        GitHome.Write(_clone, Media, Text.Replace("  - sonarr # series\n", "", StringComparison.Ordinal));
        GitHome.Push(_clone, "Stop sonarr");
        Assert.False(await IsBackAsync(scope));
        await RestoreAsync(scope);
        Assert.True(await IsBackAsync(scope));

        GitHome.Write(_clone, Media, "resources:\n  - radarr\n");
        GitHome.Write(_clone, "apps/kustomization.yaml", "resources:\n  - media\n  - media/sonarr\n");
        GitHome.Push(_clone, "Move");
        Assert.False(await IsBackAsync(new(["radarr"], [])));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Files_and_entry_may_have_gone_by_different_commits(bool filesFirst)
    {
        Action[] steps =
        [
            () => GitHome.Write(_clone, Media, Text.Replace("  - sonarr # series\n", "", StringComparison.Ordinal)),
            () => Directory.Delete(Path.Combine(_clone, "apps/media/sonarr"), recursive: true),
        ];
        foreach (var step in filesFirst ? steps.Reverse() : steps)
        {
            step();
            GitHome.Push(_clone, "Drop a part");
        }

        Assert.Equal([Media, GitHome.Sonarr, "apps/media/sonarr/kustomization.yaml"], (await RestoreAsync(new(["sonarr"], []))).Files);
    }

    [Fact]
    public async Task Where_only_the_entry_went_only_the_entry_comes_back()
    {
        GitHome.Write(_clone, Media, Text.Replace("  - sonarr # series\n", "", StringComparison.Ordinal));
        GitHome.Push(_clone, "Stop sonarr");
        Assert.Equal([Media], (await RestoreAsync(new(["sonarr"], []))).Files);
        Assert.Contains("- sonarr", _home.RemoteText(Media), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_entry_that_was_moved_stays_where_it_is()
    {
        GitHome.Write(_clone, Media, "resources:\n  - radarr\n");
        GitHome.Write(_clone, "apps/kustomization.yaml", "resources:\n  - media\n  - media/sonarr\n");
        GitHome.Push(_clone, "Move");
        Assert.Equal("ManifestNotDeleted", (await Assert.ThrowsAsync<HomelabException>(() => RestoreAsync(new(["sonarr"], [])))).Id);
    }

    [Fact]
    public async Task What_was_moved_and_changed_on_the_way_is_there()
    {
        GitHome.Write(_clone, GitHome.Sonarr, "kind: Deployment\nmetadata:\n  name: sonarr\nspec:\n  replicas: 1\n");
        GitHome.Push(_clone, "Name it");
        foreach (var (from, to) in new[] { ("sonarr", "series"), ("series", "shows") })
        {
            GitCommand.Run(_clone, "mv", $"apps/media/{from}", $"apps/media/{to}");
            GitHome.Write(_clone, $"apps/media/{to}/deployment.yaml", $"kind: Deployment\nmetadata:\n  name: sonarr\n  labels:\n    in: {to}\n");
            GitHome.Write(_clone, $"apps/media/{to}/kustomization.yaml", $"namePrefix: {to}-\nresources:\n  - deployment.yaml\n");
            GitHome.Write(_clone, Media, $"resources:\n  - radarr\n  - {to}\n");
            GitHome.Push(_clone, "Move");
        }

        // Twice in one build, it would keep Flux from applying anything.
        Assert.Equal("ManifestNotDeleted", (await Assert.ThrowsAsync<HomelabException>(() => RestoreAsync(new(["sonarr"], [])))).Id);
        Assert.Equal([Media, GitHome.Sonarr, "apps/media/sonarr/kustomization.yaml"], (await RestoreAsync(new([], ["apps/media/sonarr"]))).Files);
    }

    [Fact]
    public async Task What_was_moved_and_deleted_later_was_deleted()
    {
        GitHome.Write(_clone, GitHome.Sonarr, "kind: Deployment\nmetadata:\n  name: sonarr\n");
        GitHome.Push(_clone, "Name it");
        GitCommand.Run(_clone, "mv", "apps/media/sonarr", "apps/media/series");
        GitHome.Push(_clone, "Move");
        Directory.Delete(Path.Combine(_clone, "apps/media/series"), recursive: true);
        GitHome.Push(_clone, "Drop it");
        Assert.Contains(GitHome.Sonarr, (await RestoreAsync(new(["sonarr"], []))).Files);
    }

    [Fact]
    public async Task What_a_shallow_clone_was_cut_off_at_is_not_taken_back()
    {
        GitCommand.Run(_home.Folder, "clone", "--quiet", "--depth", "1", $"file://{_home.Remote}", _home.At("shallow"));
        var committer = _home.Committer(_home.At("shallow"));

        // It looks as if this commit had made all files, and taking it back would delete them.
        var error = await Assert.ThrowsAsync<HomelabException>(() => committer.ReadAsync((repository, tip, _) => RevertEdit.Of(repository, tip, "HEAD"), default));
        Assert.Equal("RepositoryShallow", error.Id);
        Assert.Contains("--unshallow", error.Message, StringComparison.Ordinal);
        Assert.Empty(await committer.ReadAsync((repository, tip, name) => ManifestHistory.Versions(repository, tip, new([], []), name).ToList(), default));
        Assert.Null(GitClone.Open(_home.At("shallow"))!.LastChange(_home.RemoteTip, GitHome.Sonarr));
        var missing = await Assert.ThrowsAsync<HomelabException>(() => committer.ReadAsync<int>((repository, _, name) => throw Errors.ManifestNotDeleted("x", name, repository.Info.IsShallow), default));
        Assert.Contains("--unshallow", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Links_and_what_may_be_run_come_back_as_they_were()
    {
        if (OperatingSystem.IsWindows())
        {
            // It has no modes, and links only for administrators.
            return;
        }

        GitHome.Write(_clone, "run.sh", "#!/bin/sh\n");
        File.SetUnixFileMode(Path.Combine(_clone, "run.sh"), (UnixFileMode)0x1ED);
        File.CreateSymbolicLink(Path.Combine(_clone, "sonarr.yaml"), GitHome.Sonarr);
        var made = GitHome.Push(_clone, "Make");
        GitCommand.Run(_clone, "rm", "--quiet", "run.sh", "sonarr.yaml");
        var deleted = GitHome.Push(_clone, "Drop");

        await RevertAsync(deleted);
        Assert.Equal(GitCommand.Run(_clone, "rev-parse", $"{made}^{{tree}}"), GitCommand.Run(_clone, "rev-parse", "HEAD^{tree}"));
        Assert.Equal(GitHome.Sonarr, new FileInfo(Path.Combine(_clone, "sonarr.yaml")).LinkTarget);
        await RevertAsync(made);
        Assert.Equal("", GitCommand.Run(_clone, "ls-files", "run.sh", "sonarr.yaml"));
        Assert.Equal(["run.sh"], (await RestoreAsync(new([], ["run.sh"]))).Files);
        await RestoreAsync(new([], ["sonarr.yaml"]));
        Assert.Equal(GitCommand.Run(_clone, "rev-parse", $"{made}^{{tree}}"), GitCommand.Run(_clone, "rev-parse", "HEAD^{tree}"));
        Assert.Equal("", GitCommand.Run(_clone, "status", "--porcelain"));
    }

    [Fact]
    public async Task A_change_of_the_mode_alone_is_taken_back()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        File.SetUnixFileMode(Path.Combine(_clone, "README.md"), (UnixFileMode)0x1ED);
        var commit = GitHome.Push(_clone, "Run it");
        await RevertAsync(commit);
        Assert.Equal("", GitCommand.Run(_clone, "status", "--porcelain"));
        Assert.StartsWith("100644", GitCommand.Run(_home.Remote, "ls-tree", "main", "README.md"), StringComparison.Ordinal);
        Assert.Equal((UnixFileMode)0, File.GetUnixFileMode(Path.Combine(_clone, "README.md")) & UnixFileMode.UserExecute);
    }

    [Fact]
    public async Task Submodules_are_not_taken_back()
    {
        GitCommand.Run(_clone, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", _home.Remote, "vendor");
        var commit = GitHome.Push(_clone, "Use it");
        var error = await Assert.ThrowsAsync<HomelabException>(() => RevertAsync(commit));
        Assert.Equal("RevertConflict", error.Id);
        Assert.Contains("submodules, which are not taken back here: vendor", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_file_comes_back_by_its_path_as_it_was_last()
    {
        await _home.Committer(_clone).CommitAsync(TextEdit.Replace(GitHome.Sonarr, "4.0.0", "4.0.1"), default);
        Delete(GitHome.Sonarr);
        GitHome.Write(_clone, "apps/media/sonarr/kustomization.yaml", "resources: []\n");
        GitHome.Push(_clone, "Drop a file");
        var change = await RestoreAsync(new([], [GitHome.Sonarr]));
        Assert.Equal($"Restore {GitHome.Sonarr}", change.Subject);
        Assert.Equal("image: sonarr:4.0.1\nreplicas: 1", _home.RemoteText(GitHome.Sonarr));
        Assert.Contains("deployment.yaml", _home.RemoteText("apps/media/sonarr/kustomization.yaml"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_commit_is_taken_back_and_what_came_later_in_the_same_file_stays()
    {
        var first = (await _home.Committer(_clone).CommitAsync(TextEdit.Append(Media, "namespace: media"), default)).Change;
        await _home.Committer(_clone).CommitAsync(TextEdit.Replace(Media, "  - radarr # movies", "  - radarr # films"), default);

        var change = await RevertAsync(first.Commit[..10]);
        Assert.Equal("Revert \"Change kustomization.yaml\"", change.Subject);
        Assert.Equal(Text.Replace("movies", "films", StringComparison.Ordinal).TrimEnd(), _home.RemoteText(Media));
        Assert.Equal($"This reverts commit {first.Commit}.", GitCommand.Run(_clone, "log", "-1", "--format=%b"));
        Assert.Empty((await RevertAsync(first.Commit)).Files);
    }

    [Fact]
    public async Task Files_that_a_commit_made_and_deleted_go_and_come_back()
    {
        Delete("README.md");
        GitHome.Write(_clone, "new.yaml", "a: 1\n");
        var commit = GitHome.Push(_clone, "Both");
        Assert.Equal(["README.md", "new.yaml"], (await RevertAsync(commit)).Files);
        Assert.Equal("My homelab\n", await File.ReadAllTextAsync(Path.Combine(_clone, "README.md")));
        Assert.False(File.Exists(Path.Combine(_clone, "new.yaml")));
    }

    [Fact]
    public async Task A_commit_whose_lines_were_changed_again_is_a_conflict_and_is_left()
    {
        var first = (await _home.Committer(_clone).CommitAsync(TextEdit.Replace(GitHome.Sonarr, "4.0.0", "4.0.1"), default)).Change;
        await _home.Committer(_clone).CommitAsync(TextEdit.Replace(GitHome.Sonarr, "4.0.1", "4.0.2"), default);
        var tip = _home.RemoteTip;
        var error = await Assert.ThrowsAsync<HomelabException>(() => RevertAsync(first.Commit));
        Assert.Equal(("RevertConflict", tip), (error.Id, _home.RemoteTip));
        Assert.Contains(GitHome.Sonarr, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0123456789")]
    [InlineData("no such name")]
    [InlineData("side")]
    public async Task A_commit_that_the_branch_does_not_have(string typed)
    {
        GitCommand.Run(_clone, "commit", "--quiet", "--allow-empty", "-m", "Elsewhere");
        GitCommand.Run(_clone, "branch", "side");
        GitCommand.Run(_clone, "reset", "--quiet", "--hard", "HEAD^");
        Assert.Equal("CommitNotFound", (await Assert.ThrowsAsync<HomelabException>(() => RevertAsync(typed))).Id);
    }

    [Fact]
    public async Task The_last_change_is_that_of_the_module_which_is_not_taken_back_yet()
    {
        Assert.Null(await LastAsync());
        var first = (await _home.Committer(_clone).CommitAsync(TextEdit.Append("README.md", "1"), default)).Change;
        var second = (await _home.Committer(_clone).CommitAsync(TextEdit.Append("README.md", "2"), default)).Change;
        _home.PushElsewhere("other.yaml", "a: 1\n");
        Assert.Equal(second.Commit, await LastAsync());
        await RevertAsync(second.Commit);
        Assert.Equal(first.Commit, await LastAsync());

        // Once the taking back is taken back, the second one is in force again.
        await RevertAsync(_home.RemoteTip);
        Assert.Equal(second.Commit, await LastAsync());
        await RevertAsync(_home.RemoteTip);
        Assert.Equal(first.Commit, await LastAsync());
        await RevertAsync(first.Commit);
        Assert.Null(await LastAsync());
        Assert.Equal("My homelab", _home.RemoteText("README.md"));
    }

    private void Delete(string path) => File.Delete(Path.Combine(_clone, path));

    private Task<List<ManifestVersion>> VersionsAsync(ManifestScope scope) =>
        _home.Committer(_clone).ReadAsync((repository, tip, name) => ManifestHistory.Versions(repository, tip, scope, name).ToList(), default);

    private RestoreRecord Record(ManifestScope scope) => new(_home.Journal, "home", scope);

    private Task<bool> IsBackAsync(ManifestScope scope) => _home.Committer(_clone).ReadAsync((repository, tip, _) => RestoreFinder.IsBack(repository, tip, scope), default);

    private Task<string?> LastAsync() => _home.Committer(_clone).ReadAsync((repository, tip, name) => LastChange.Find(repository, tip, name, _home.Journal), default);

    private async Task<GitOpsChange> RestoreAsync(ManifestScope scope)
    {
        var edit = await _home.Committer(_clone).ReadAsync((repository, tip, name) => RestoreFinder.Find(repository, tip, scope) ?? throw Errors.ManifestNotDeleted(scope.ToString(), name, repository.Info.IsShallow), default);
        return (await _home.Committer(_clone).CommitAsync(edit, default)).Change;
    }

    private async Task<GitOpsChange> RevertAsync(string commit)
    {
        var edit = await _home.Committer(_clone).ReadAsync((repository, tip, _) => RevertEdit.Of(repository, tip, commit), default);
        return (await _home.Committer(_clone).CommitAsync(edit, default)).Change;
    }
}
