using HomelabOps.Core.GitOps.Commits;
using HomelabOps.Core.GitOps.Commits.Transports;
using HomelabOps.Core.Journal;

namespace HomelabOps.Core.Tests.GitOps.Commits;

[Collection(nameof(Author))]
public sealed class RepositoryCommitterTests : IDisposable
{
    private readonly GitHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task An_edit_is_committed_pushed_and_brought_to_the_working_copy()
    {
        var clone = _home.Clone("clone");
        var before = _home.RemoteTip;
        var (change, warning) = await _home.Committer(clone).CommitAsync(TextEdit.Replace(GitHome.Sonarr, "4.0.0", "4.0.1"), default);

        Assert.Null(warning);
        Assert.Equal((_home.RemoteTip, "main", true, $"main@sha1:{_home.RemoteTip}"), (change.Commit, change.Branch, change.Pushed, change.Revision));
        Assert.Equal([GitHome.Sonarr], change.Files);
        Assert.Equal("image: sonarr:4.0.1\nreplicas: 1", _home.RemoteText(GitHome.Sonarr));
        Assert.Equal(before, GitCommand.Run(clone, "rev-parse", "HEAD^"));
        Assert.Equal("Anna <anna@example.org> Anna Change deployment.yaml", GitCommand.Run(clone, "log", "-1", "--format=%an <%ae> %cn %s"));
        Assert.Equal("", GitCommand.Run(clone, "status", "--porcelain"));
        Assert.Equal("## main...origin/main", GitCommand.Run(clone, "status", "--short", "--branch"));
        Assert.Contains("-image: sonarr:4.0.0\n+image: sonarr:4.0.1\n", change.Diff, StringComparison.Ordinal);

        // What git takes for a patch is one.
        File.WriteAllText(_home.At("patch"), change.Diff);
        GitCommand.Run(clone, "apply", "--check", "--reverse", _home.At("patch"));
    }

    [Fact]
    public async Task Files_come_and_go_with_their_folders()
    {
        var clone = _home.Clone("clone");
        await _home.Committer(clone).CommitAsync(new TextEdit("apps/books/app.yaml", _ => "kind: App\n"), default);
        await _home.Committer(clone).CommitAsync(new TextEdit("apps/media/radarr/deployment.yaml", _ => null), default);

        Assert.Equal("kind: App\n", await File.ReadAllTextAsync(Path.Combine(clone, "apps/books/app.yaml")));
        Assert.False(Directory.Exists(Path.Combine(clone, "apps/media/radarr")));
        Assert.Equal("", GitCommand.Run(clone, "status", "--porcelain"));
        Assert.Equal($"README.md\napps/books/app.yaml\n{GitHome.Sonarr}", GitCommand.Run(_home.Remote, "ls-tree", "-r", "--name-only", "main"));
    }

    [Fact]
    public async Task What_is_under_way_in_other_files_stays_as_it_is()
    {
        var clone = _home.Clone("clone");
        GitHome.Write(clone, "README.md", "staged\n");
        GitCommand.Run(clone, "add", "README.md");
        GitHome.Write(clone, "README.md", "staged, and more\n");
        GitHome.Write(clone, "new.txt", "untracked\n");
        File.Delete(Path.Combine(clone, "apps/media/radarr/deployment.yaml"));
        var before = GitCommand.Run(clone, "status", "--porcelain");

        await _home.Committer(clone).CommitAsync(TextEdit.Append(GitHome.Sonarr, "a: 1"), default);
        Assert.Equal(before, GitCommand.Run(clone, "status", "--porcelain"));
        Assert.Equal("staged", GitCommand.Run(clone, "show", ":README.md"));
        Assert.Equal("My homelab", _home.RemoteText("README.md"));
    }

    [Fact]
    public async Task A_clone_that_is_behind_is_brought_along_and_the_edit_is_made_on_what_is_new()
    {
        var clone = _home.Clone("clone");
        _home.PushElsewhere(GitHome.Sonarr, "image: sonarr:4.0.0\nreplicas: 3\n");
        await _home.Committer(clone).CommitAsync(TextEdit.Replace(GitHome.Sonarr, "4.0.0", "4.0.1"), default);

        Assert.Equal("image: sonarr:4.0.1\nreplicas: 3", _home.RemoteText(GitHome.Sonarr));
        Assert.Equal("image: sonarr:4.0.1\nreplicas: 3\n", await File.ReadAllTextAsync(Path.Combine(clone, GitHome.Sonarr)));
        Assert.Equal("", GitCommand.Run(clone, "status", "--porcelain"));
    }

    [Fact]
    public async Task What_is_right_already_makes_no_commit()
    {
        var clone = _home.Clone("clone");
        var (change, _) = await _home.Committer(clone).CommitAsync(TextEdit.Replace(GitHome.Sonarr, "4.0.0", "4.0.0"), default);
        Assert.Equal((_home.RemoteTip, false, ""), (change.Commit, change.Pushed, change.Diff));
        Assert.Empty(change.Files);
        Assert.Empty(_home.Journal.Read());
    }

    [Fact]
    public async Task A_preview_tells_the_same_and_leaves_everything_alone()
    {
        var clone = _home.Clone("clone");
        _home.PushElsewhere("README.md", "Our homelab\n");
        var before = Everything(clone);
        var remote = _home.RemoteTip;
        var preview = await _home.Committer(clone).PreviewAsync(TextEdit.Replace(GitHome.Sonarr, "4.0.0", "4.0.1"), default);

        Assert.Equal(before, Everything(clone));
        Assert.Equal(remote, _home.RemoteTip);
        Assert.Equal(("", false, ""), (preview.Commit, preview.Pushed, preview.Revision));
        var (change, _) = await _home.Committer(clone).CommitAsync(TextEdit.Replace(GitHome.Sonarr, "4.0.0", "4.0.1"), default);
        Assert.Equal(change.Diff, preview.Diff);
        Assert.Equal(change.Files, preview.Files);

        // Objects may have come from the remote; nothing else.
        static string Everything(string clone) => string.Join('\n', Directory.EnumerateFiles(clone, "*", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/objects/", StringComparison.Ordinal)).Order(StringComparer.Ordinal)
            .Select(file => $"{file} {File.GetLastWriteTimeUtc(file):O} {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file)))}"));
    }

    [Fact]
    public async Task Each_commit_is_in_the_journal_with_what_takes_it_back()
    {
        var clone = _home.Clone("clone");
        var (change, _) = await _home.Committer(clone).CommitAsync(TextEdit.Append(GitHome.Sonarr, "a: 1"), default);
        var lines = _home.Journal.Read().ToList();
        Assert.Equal([JournalState.Started, JournalState.Done], lines.Select(line => line.State));
        Assert.Equal(("Commit", clone, "main", "GitRevert", change.Commit), (lines[0].Kind, lines[0].Namespace, lines[0].Name, lines[0].Undo!.Form, lines[0].Undo!.Value));
    }

    [Fact]
    public async Task A_remote_needs_no_working_copy()
    {
        var committer = new RepositoryCommitter(RepositoryLocation.OfRemote(_home.Remote, null), _home.Journal) { Cache = _home.At("cache") };
        using var author = new Author();
        var (change, warning) = await committer.CommitAsync(TextEdit.Append(GitHome.Sonarr, "a: 1"), default);
        Assert.Null(warning);
        Assert.Equal((_home.RemoteTip, _home.Remote, "main"), (change.Commit, change.Repository, change.Branch));
        Assert.EndsWith("a: 1", _home.RemoteText(GitHome.Sonarr), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lost_race_works_the_edit_out_anew_on_what_the_other_pushed()
    {
        var clone = _home.Clone("clone");
        var races = 0;
        var committer = _home.Committer(clone, step =>
        {
            if (step == CommitStep.Written && races++ < 3)
            {
                _home.PushElsewhere(GitHome.Sonarr, $"image: sonarr:4.0.0\nreplicas: {races + 1}\n");
            }
        });
        var (change, warning) = await committer.CommitAsync(TextEdit.Replace(GitHome.Sonarr, "4.0.0", "4.0.1"), default);

        Assert.Null(warning);
        Assert.Equal(4, races);
        Assert.Equal(_home.RemoteTip, change.Commit);
        Assert.Equal("image: sonarr:4.0.1\nreplicas: 4", _home.RemoteText(GitHome.Sonarr));
        Assert.Equal("", GitCommand.Run(clone, "status", "--porcelain"));
        Assert.Equal([JournalState.Failed, JournalState.Failed, JournalState.Failed, JournalState.Done], _home.Journal.Read().Select(line => line.State).Where(state => state != JournalState.Started));
    }

    [Fact]
    public async Task Who_loses_every_race_is_told_of_both_sides_and_nothing_has_changed()
    {
        var clone = _home.Clone("clone");
        var races = 0;
        var committer = _home.Committer(clone, step =>
        {
            if (step == CommitStep.Written)
            {
                _home.PushElsewhere("README.md", $"{races++}\n");
            }
        });
        var error = await Assert.ThrowsAsync<HomelabException>(() => committer.CommitAsync(TextEdit.Append(GitHome.Sonarr, "a: 1"), default));
        Assert.Equal(("PushRaceLost", ErrorKind.ResourceBusy, 4), (error.Id, error.Kind, races));
        Assert.Contains($"{_home.RemoteTip[..8]} Anna: Change README.md", error.Message, StringComparison.Ordinal);
        Assert.Contains("Change deployment.yaml", error.Message, StringComparison.Ordinal);
        Assert.Equal("", GitCommand.Run(clone, "status", "--porcelain"));
        Assert.DoesNotContain("a: 1", await File.ReadAllTextAsync(Path.Combine(clone, GitHome.Sonarr)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_git_libgit2_does_the_same()
    {
        var clone = _home.Clone("clone");
        _home.PushElsewhere("README.md", "Our homelab\n");
        var races = 0;
        var committer = new RepositoryCommitter(RepositoryLocation.OfFolder(clone), _home.Journal)
        {
            Cache = _home.At("cache"),
            Transport = new LibraryTransport(),
            Reached = step =>
            {
                if (step == CommitStep.Written && races++ == 0)
                {
                    _home.PushElsewhere("README.md", "Their homelab\n");
                }
            },
        };
        Assert.Equal([GitHome.Sonarr], (await committer.PreviewAsync(TextEdit.Append(GitHome.Sonarr, "a: 1"), default)).Files);
        Assert.Equal("", GitCommand.Run(clone, "for-each-ref", "refs/homelabops"));
        var (change, warning) = await committer.CommitAsync(TextEdit.Append(GitHome.Sonarr, "a: 1"), default);
        Assert.Equal((_home.RemoteTip, (string?)null, 2), (change.Commit, warning, races));
        Assert.Equal("## main...origin/main", GitCommand.Run(clone, "status", "--short", "--branch"));
        Assert.Equal("Their homelab", _home.RemoteText("README.md"));
    }

    [Fact]
    public async Task Line_ends_of_the_working_copy_are_those_that_it_asks_for_and_blobs_hold_the_bytes_of_the_edit()
    {
        var clone = _home.Clone("clone");
        GitHome.Write(clone, ".gitattributes", "*.yaml text eol=crlf\n*.txt -text\n");
        GitHome.Write(clone, "raw.txt", "one\r\ntwo\n");
        GitHome.Push(clone, "Attributes");
        await _home.Committer(clone).CommitAsync(new SeveralEdits(TextEdit.Append(GitHome.Sonarr, "a: 1"), TextEdit.Append("raw.txt", "three\r")), default);

        Assert.Equal("image: sonarr:4.0.0\nreplicas: 1\na: 1", _home.RemoteText(GitHome.Sonarr));
        Assert.Equal("image: sonarr:4.0.0\r\nreplicas: 1\r\na: 1\r\n", await File.ReadAllTextAsync(Path.Combine(clone, GitHome.Sonarr)));
        Assert.Equal("one\r\ntwo\nthree\r\n", await File.ReadAllTextAsync(Path.Combine(clone, "raw.txt")));
        Assert.Equal("", GitCommand.Run(clone, "status", "--porcelain"));
    }

    [Fact]
    public async Task Modes_and_links_of_what_others_pushed_come_along()
    {
        var clone = _home.Clone("clone");
        var seed = _home.At("seed");
        GitHome.Hook(seed, "run", "true");
        File.CreateSymbolicLink(Path.Combine(seed, "link"), "README.md");
        GitHome.Push(seed, "Script and link");
        await _home.Committer(clone).CommitAsync(TextEdit.Append("hooks/run", "false"), default);

        Assert.Equal("README.md", new FileInfo(Path.Combine(clone, "link")).LinkTarget);
        Assert.StartsWith("100755", GitCommand.Run(_home.Remote, "ls-tree", "main", "hooks/run"), StringComparison.Ordinal);
        Assert.Equal("", GitCommand.Run(clone, "status", "--porcelain"));
        if (!OperatingSystem.IsWindows())
        {
            Assert.True(File.GetUnixFileMode(Path.Combine(clone, "hooks/run")).HasFlag(UnixFileMode.UserExecute));
        }
    }

    [Fact]
    public async Task A_folder_below_the_working_copy_stands_for_it()
    {
        var clone = _home.Clone("clone");
        var (change, _) = await _home.Committer(Path.Combine(clone, "apps")).CommitAsync(TextEdit.Append(GitHome.Sonarr, "a: 1"), default);
        Assert.Equal((_home.RemoteTip, clone), (change.Commit, change.Repository));
    }
}
