using System.Diagnostics;
using HomelabOps.Core.GitOps.Commits;

namespace HomelabOps.Core.Tests.GitOps.Commits;

/// <summary>A process that is killed at any step leaves a clone that git works with, and the next run is clean.</summary>
[Collection(nameof(Author))]
public sealed class KillTests : IDisposable
{
    private const string Folder = "HOMELABOPS_TEST_VICTIM_FOLDER";
    private const string Step = "HOMELABOPS_TEST_VICTIM_STEP";
    private const string Number = "HOMELABOPS_TEST_VICTIM_NUMBER";

    private readonly GitHome _home = new();

    public void Dispose() => _home.Dispose();

    [Theory]
    [InlineData("Fetched", 1, false)]
    [InlineData("Written", 1, false)]
    [InlineData("Pushed", 1, true)]
    [InlineData("Noted", 1, true)]
    [InlineData("FileWritten", 1, true)]
    [InlineData("FileWritten", 2, true)]
    [InlineData("FileWritten", 3, true)]
    [InlineData("IndexWritten", 1, true)]
    [InlineData("BranchMoved", 1, true)]
    public async Task Killed_in_a_working_copy(string step, int number, bool isPushed)
    {
        var clone = _home.Clone("clone");
        GitHome.Write(clone, "mine.txt", "under way\n");
        _home.PushElsewhere("apps/new.yaml", "new: 1\n");
        await KillAsync(clone, step, number);

        // Usable: git finds nothing wrong, and a user who pulls or starts over has what the remote has.
        GitCommand.Run(clone, "fsck", "--connectivity-only");
        Assert.False(File.Exists(Path.Combine(clone, ".git/index.lock")));
        Assert.Equal(isPushed, _home.RemoteText(GitHome.Sonarr).Contains("killed", StringComparison.Ordinal));

        // Clean: all of both changes, once.
        var (change, warning) = await _home.Committer(clone).CommitAsync(Killed, default);
        Assert.Equal((null, !isPushed), (warning, change.Pushed));
        (_, warning) = await _home.Committer(clone).CommitAsync(TextEdit.Append(GitHome.Sonarr, "next: 1"), default);
        Assert.Null(warning);
        Assert.Equal("image: sonarr:4.0.0\nreplicas: 1\nkilled: 1\nnext: 1", _home.RemoteText(GitHome.Sonarr));
        Assert.Equal("?? mine.txt", GitCommand.Run(clone, "status", "--porcelain"));
        Assert.Equal("## main...origin/main", GitCommand.Run(clone, "status", "--short", "--branch", "--untracked-files=no"));
        Assert.Equal(_home.RemoteTip, GitCommand.Run(clone, "rev-parse", "HEAD"));
        Assert.False(Directory.Exists(Path.Combine(clone, ".git/homelabops")));
    }

    [Theory]
    [InlineData("Fetched")]
    [InlineData("Written")]
    [InlineData("Pushed")]
    public async Task Killed_in_the_clone_of_a_remote(string step)
    {
        await KillAsync("", step, 1);
        var bare = Assert.Single(Directory.GetDirectories(_home.At("cache/repositories"), "*.git"));

        // As a git that was killed in the middle of a fetch leaves them.
        await File.WriteAllTextAsync(Path.Combine(bare, "packed-refs.lock"), "");
        await File.WriteAllTextAsync(Path.Combine(bare, "refs/remotes/origin/main.lock"), "");
        GitCommand.Run(bare, "fsck", "--connectivity-only");

        using var author = new Author();
        await Remote.CommitAsync(Killed, default);
        await Remote.CommitAsync(TextEdit.Append(GitHome.Sonarr, "next: 1"), default);
        Assert.Equal("image: sonarr:4.0.0\nreplicas: 1\nkilled: 1\nnext: 1", _home.RemoteText(GitHome.Sonarr));
    }

    [Fact]
    public async Task A_clone_of_a_remote_that_lost_files_is_fetched_anew()
    {
        using var author = new Author();
        await Remote.CommitAsync(Killed, default);
        var bare = Assert.Single(Directory.GetDirectories(_home.At("cache/repositories"), "*.git"));
        foreach (var file in Directory.EnumerateFiles(Path.Combine(bare, "objects"), "*", SearchOption.AllDirectories))
        {
            File.SetAttributes(file, FileAttributes.Normal);
            await File.WriteAllTextAsync(file, "");
        }

        await Remote.CommitAsync(TextEdit.Append(GitHome.Sonarr, "next: 1"), default);
        Assert.EndsWith("killed: 1\nnext: 1", _home.RemoteText(GitHome.Sonarr), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Work_of_the_user_after_the_kill_is_kept()
    {
        var clone = _home.Clone("clone");
        await KillAsync(clone, "Noted", 1);
        GitHome.Write(clone, GitHome.Sonarr, "image: sonarr:mine\n");
        await _home.Committer(clone).CommitAsync(TextEdit.Append("README.md", "More"), default);
        Assert.Equal("image: sonarr:mine\n", await File.ReadAllTextAsync(Path.Combine(clone, GitHome.Sonarr)));
        Assert.Equal($"M {GitHome.Sonarr}", GitCommand.Run(clone, "status", "--porcelain"));
        Assert.Contains("killed: 1", _home.RemoteText(GitHome.Sonarr), StringComparison.Ordinal);
    }

    /// <summary>What the other tests kill: it does something only in a process of its own, which ends in the middle of it.</summary>
    [Fact]
    public async Task Victim()
    {
        if (Environment.GetEnvironmentVariable(Folder) is not { } folder)
        {
            return;
        }

        var (clone, root) = (folder.Split('|')[0], folder.Split('|')[1]);
        var left = int.Parse(Environment.GetEnvironmentVariable(Number)!, System.Globalization.CultureInfo.InvariantCulture);
        var committer = new RepositoryCommitter(clone.Length > 0 ? RepositoryLocation.OfFolder(clone) : RepositoryLocation.OfRemote(Path.Combine(root, "remote.git"), null), new(Path.Combine(root, "journal")))
        {
            Cache = Path.Combine(root, "cache"),
            Reached = step =>
            {
                if (step.ToString() == Environment.GetEnvironmentVariable(Step) && --left == 0)
                {
                    Process.GetCurrentProcess().Kill();
                    Thread.Sleep(Timeout.Infinite);
                }
            },
        };
        await committer.CommitAsync(Killed, default);
    }

    private static IRepositoryEdit Killed => new SeveralEdits(
        new TextEdit(GitHome.Sonarr, text => text!.Contains("killed", StringComparison.Ordinal) ? text : text + "killed: 1\n"),
        new TextEdit("README.md", _ => "Killed\n"));

    private RepositoryCommitter Remote => new(RepositoryLocation.OfRemote(_home.Remote, null), _home.Journal) { Cache = _home.At("cache") };

    private async Task KillAsync(string clone, string step, int number)
    {
        var tests = typeof(KillTests).Assembly.Location;
        var start = new ProcessStartInfo("dotnet", [tests, "-method", $"{typeof(KillTests).FullName}.{nameof(Victim)}"]) { UseShellExecute = false, RedirectStandardOutput = true };
        start.Environment[Folder] = $"{clone}|{_home.Folder}";
        start.Environment[Step] = step;
        start.Environment[Number] = number.ToString(System.Globalization.CultureInfo.InvariantCulture);
        foreach (var name in new[] { "GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL" })
        {
            start.Environment[name] = "anna@example.org";
        }

        // Nobody else takes away what it leaves behind.
        var temporary = Directory.CreateDirectory(_home.At("temporary")).FullName;
        foreach (var name in new[] { "TMPDIR", "TMP", "TEMP" })
        {
            start.Environment[name] = temporary;
        }

        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.False(process.ExitCode is 0 or 1, $"It was not killed: {output}");
    }
}
