using HomelabOps.Core.GitOps.Commits;
using HomelabOps.Core.GitOps.Editing;
using HomelabOps.Core.GitOps.Git;
using HomelabOps.Core.GitOps.History;
using HomelabOps.Core.Machine;

namespace HomelabOps.Core.Tests.GitOps.Commits;

/// <summary>The real git-lfs and git-crypt: what they keep in Git stays as it is, and nothing new of theirs is stored in plain.</summary>
[Collection(nameof(Author))]
public sealed class RealFilterTests : IDisposable
{
    private const string Token = "secrets/token.yaml", Picture = "docs/picture.bin";

    private readonly GitHome _home = new();
    private readonly string _clone;

    public RealFilterTests() => _clone = _home.Clone("clone");

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task An_edit_leaves_pointers_of_LFS_as_they_are()
    {
        Lfs();
        var pointer = _home.RemoteText(Picture);
        await CommitAsync(TextEdit.Replace(GitHome.Sonarr, "4.0.0", "4.0.1"));
        Assert.Equal(pointer, _home.RemoteText(Picture));
        Assert.StartsWith("version https://git-lfs", pointer, StringComparison.Ordinal);
        Assert.Equal("picture\n", Read(Picture));
    }

    [Fact]
    public async Task A_new_file_of_LFS_is_a_pointer_whose_content_the_remote_has()
    {
        Lfs();
        await CommitAsync(new TextEdit("docs/new.bin", _ => "something new\n"));
        Assert.StartsWith("version https://git-lfs", _home.RemoteText("docs/new.bin"), StringComparison.Ordinal);
        Assert.Equal("something new\n", Read("docs/new.bin"));
        Assert.Equal("something new\n", await File.ReadAllTextAsync(Path.Combine(_home.Clone("other"), "docs/new.bin")));
    }

    [Fact]
    public async Task Without_the_hook_that_brings_its_content_there_is_no_new_file_of_LFS()
    {
        Lfs();
        File.Delete(Path.Combine(_clone, ".git/hooks/pre-push"));
        Assert.Contains("git lfs install", await RefusedAsync(new TextEdit("docs/new.bin", _ => "new\n")), StringComparison.Ordinal);
        Assert.Contains("Git has what it made of the file", await RefusedAsync(new TextEdit(Picture, _ => "other\n")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_edit_leaves_what_git_crypt_has_encrypted_as_it_is()
    {
        Crypt();
        var before = Blob(Token);
        await CommitAsync(TextEdit.Replace(GitHome.Sonarr, "4.0.0", "4.0.1"));
        Assert.Equal((before, "token: secret\n"), (Blob(Token), Read(Token)));
    }

    [Fact]
    public async Task A_new_file_of_git_crypt_is_encrypted_in_Git_and_plain_in_the_folder()
    {
        Crypt();
        var edit = new TextEdit("secrets/deep/new.yaml", _ => "token: other\n");
        var tip = _home.RemoteTip;
        var preview = await _home.Committer(_clone).PreviewAsync(edit, default);
        Assert.Equal(tip, _home.RemoteTip);
        Assert.DoesNotContain("other", preview.Diff, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_clone, "secrets/deep/new.yaml")));

        await CommitAsync(edit);
        Assert.Equal("token: other\n", Read("secrets/deep/new.yaml"));
        Assert.Contains("GITCRYPT", _home.RemoteText("secrets/deep/new.yaml"), StringComparison.Ordinal);
        Assert.DoesNotContain("other", _home.RemoteText("secrets/deep/new.yaml"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_from_before_its_filter_is_encrypted_when_it_is_edited()
    {
        const string Old = "apps/sonarr/values.yaml";
        GitHome.Write(_clone, Old, "token: secret\n");
        Crypt();
        await _home.Committer(_clone).CommitAsync(TextEdit.Append(".gitattributes", $"{Old} filter=git-crypt diff=git-crypt"), default);
        await CommitAsync(new TextEdit(Old, _ => "token: other\n"));
        Assert.Equal(("token: other\n", ""), (Read(Old), GitCommand.Run(_clone, "status", "--porcelain")));
        Assert.Contains("GITCRYPT", _home.RemoteText(Old), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_git_crypt_has_encrypted_is_not_edited()
    {
        Crypt();
        Assert.Contains("filter 'git-crypt'", await RefusedAsync(new TextEdit(Token, _ => "token: other\n")), StringComparison.Ordinal);
        var error = await Assert.ThrowsAsync<HomelabException>(() => _home.Committer(_clone).ReadAsync((git, tip, _) => YamlFile.Read(Token, new GitTreeFiles(git, tip.Tree).Read("/" + Token)), default));
        Assert.Equal("ManifestEditRefused", error.Id);
        Assert.Contains("git-crypt", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_deleted_file_of_git_crypt_comes_back_as_it_was_encrypted()
    {
        Crypt();
        var before = Blob(Token);
        File.Delete(Path.Combine(_clone, Token));
        GitHome.Push(_clone, "Drop it");
        await CommitAsync(await _home.Committer(_clone).ReadAsync((git, tip, _) => RestoreFinder.Find(git, tip, new([], [Token]))!, default));
        Assert.Equal((before, "token: secret\n"), (Blob(Token), Read(Token)));

        File.Delete(Path.Combine(_clone, Token));
        var commit = GitHome.Push(_clone, "Drop it again");
        await CommitAsync(await _home.Committer(_clone).ReadAsync((git, tip, _) => RevertEdit.Of(git, tip, commit), default));
        Assert.Equal((before, "token: secret\n"), (Blob(Token), Read(Token)));
    }

    [Fact]
    public async Task Where_git_crypt_is_locked_nothing_of_it_is_committed_and_all_else_is()
    {
        Crypt();
        var locked = _home.Clone("locked");
        var edit = new TextEdit("secrets/new.yaml", _ => "token: other\n");
        Assert.Contains("git-crypt unlock", await RefusedAsync(edit, _home.Committer(locked)), StringComparison.Ordinal);
        Assert.Contains("-Repository", await RefusedAsync(edit, new(RepositoryLocation.OfRemote(_home.Remote, null), _home.Journal) { Cache = _home.At("cache") }), StringComparison.Ordinal);
        await _home.Committer(locked).CommitAsync(TextEdit.Append(GitHome.Sonarr, "a: 1"), default);
        Assert.Equal((_home.RemoteTip, ""), (GitCommand.Run(locked, "rev-parse", "HEAD"), GitCommand.Run(locked, "status", "--porcelain")));
    }

    [Fact]
    public async Task A_filter_that_fails_commits_nothing()
    {
        GitHome.Write(_clone, "secrets/.gitattributes", "*.yaml filter=mine\n");
        GitCommand.Run(_clone, "config", "filter.mine.clean", "echo broken >&2; exit 3");
        GitHome.Push(_clone, "Attributes");
        Assert.Contains("broken", await RefusedAsync(new TextEdit("secrets/new.yaml", _ => "a: 1\n")), StringComparison.Ordinal);
        await CommitAsync(new TextEdit("elsewhere/new.yaml", _ => "a: 1\n"));
    }

    private void Lfs()
    {
        Needs("git-lfs");
        GitCommand.Run(_clone, "lfs", "install", "--local");
        GitHome.Write(_clone, ".gitattributes", "*.bin filter=lfs diff=lfs merge=lfs -text\n");
        GitHome.Write(_clone, Picture, "picture\n");
        GitHome.Push(_clone, "Keep pictures");
    }

    private void Crypt()
    {
        Needs("git-crypt");
        GitCommand.Run(_clone, "crypt", "init");
        GitHome.Write(_clone, ".gitattributes", "secrets/** filter=git-crypt diff=git-crypt\n");
        GitHome.Write(_clone, Token, "token: secret\n");
        GitHome.Push(_clone, "Keep secrets");
    }

    private static void Needs(string program)
    {
        if (Programs.Find(program) is null)
        {
            Assert.Skip($"There is no {program} on this machine.");
        }
    }

    private string Read(string path) => File.ReadAllText(Path.Combine(_clone, path));

    private string Blob(string path) => GitCommand.Run(_home.Remote, "rev-parse", $"main:{path}");

    // The working copy has followed and git sees nothing to do in it.
    private async Task CommitAsync(IRepositoryEdit edit)
    {
        var (change, warning) = await _home.Committer(_clone).CommitAsync(edit, default);
        Assert.Null(warning);
        Assert.Equal((_home.RemoteTip, change.Commit, ""), (change.Commit, GitCommand.Run(_clone, "rev-parse", "HEAD"), GitCommand.Run(_clone, "status", "--porcelain")));
    }

    private async Task<string> RefusedAsync(IRepositoryEdit edit, RepositoryCommitter? committer = null)
    {
        var tip = _home.RemoteTip;
        var error = await Assert.ThrowsAsync<HomelabException>(() => (committer ?? _home.Committer(_clone)).CommitAsync(edit, default));
        Assert.Equal(("FileFilterUnusable", tip), (error.Id, _home.RemoteTip));
        return error.Message;
    }
}
