using HomelabOps.Core.Diagnosis;
using HomelabOps.Core.Diagnosis.Checks;
using HomelabOps.Core.Diagnosis.Secrets;
using HomelabOps.Core.Diagnosis.Snapshot;
using LibGit2Sharp;

namespace HomelabOps.Core.Tests.Diagnosis.Checks;

/// <summary>Secrets in a repository. What looks like one is put together here, or this file would be told as well.</summary>
public sealed class PlainSecretCheckTests : IDisposable
{
    private const string Letters = "aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0fL3xR6";
    private static readonly string Body = Letters + "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC";

    private readonly string _folder = Directory.CreateTempSubdirectory("homelabops-").FullName;

    public static TheoryData<string, string> Forms => new()
    {
        { "-----BEGIN " + "PRIVATE KEY-----\n" + Body, "PrivateKeyInGit" },
        { "key: |\n  -----BEGIN " + "OPENSSH PRIVATE KEY-----\n  " + Body, "PrivateKeyInGit" },
        { "{\"key\": \"-----BEGIN " + "RSA PRIVATE KEY-----\\n" + Body + "\"}", "PrivateKeyInGit" },
        { "client-key-data: " + "LS0tLS1CRUdJTi" + "BFQyBQUklWQVRFIEtFWS0" + Body, "PrivateKeyInGit" },
        { "AGE-SECRET-" + "KEY-1" + new string('Q', 30) + "ABCDEFGHJKLMNPQRSTUVWXYZ2345", "PrivateKeyInGit" },
        { "token: ghp" + "_" + Letters, "TokenInGit" },
        { "token: github_pat" + "_" + Letters, "TokenInGit" },
        { "token: glpat" + "-" + Letters[..20], "TokenInGit" },
        { "token: xoxb" + "-1234567890-" + Letters, "TokenInGit" },
        { "id: AK" + "IAQ3EGRIXVT5MZ2PLW", "TokenInGit" },
        { "id: AK" + "IAIOSFODNN7EXAMPLE", "" },
        { "token: ghp" + "_" + new string('x', 36), "" },
        { "It begins with -----BEGIN " + "PRIVATE KEY----- and goes on.", "" },
        { "-----BEGIN " + "ENCRYPTED PRIVATE KEY-----\n" + Body, "" },
        { "-----BEGIN CERTIFICATE-----\n" + Body, "" },
        { "password: ENC[AES256_GCM,data:" + Letters + ",type:str]", "" },
    };

    [Theory]
    [MemberData(nameof(Forms))]
    public void Keys_and_tokens_are_known_by_their_form(string text, string expected) =>
        Assert.Equal(expected, SecretPatterns.Find("file", text).SingleOrDefault()?.Reason ?? "");

    [Fact]
    public void What_Git_has_is_told_by_its_place_and_never_by_its_value()
    {
        var token = "ghp" + "_" + Letters;
        Write("notes/setup.md", $"# Setup\n\nexport TOKEN={token}\nexport OTHER={token}\n");
        Write("apps/secret.yaml", "apiVersion: v1\nkind: Secret\nmetadata: {name: keys, namespace: media}\nstringData:\n  token: " + token + "\n");
        Write("apps/sealed.yaml", "apiVersion: v1\nkind: Secret\nmetadata: {name: sealed, namespace: media}\nstringData:\n  token: ENC[AES256_GCM,data:abcd]\nsops: {version: 3.9.0}\n");
        Write("picture.png", "\0\0" + token);
        Write("own.txt", token);
        Commit("own.txt");

        var snapshot = Snapshot();
        Assert.Equal(["Warning SecretReadable Secret/media/keys", "Warning TokenInGit"], new PlainSecretCheck().Findings(snapshot));
        var told = HomelabTester.Find(snapshot, new() { Areas = [HomelabArea.Security] }).ToList();
        Assert.Equal(["apps/secret.yaml", "notes/setup.md:3"], told.Select(finding => finding.File + (finding.Reason == "TokenInGit" ? $":{finding.Line}" : "")).Order(StringComparer.Ordinal));
        Assert.Equal(["notes/setup.md:4"], told.Single(finding => finding.Reason == "TokenInGit").Evidence);
        Assert.DoesNotContain(Letters, string.Concat(told.Select(finding => $"{finding}{finding.Remedy}{string.Concat(finding.Evidence)}")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_Git_has_manifests_only()
    {
        Write("notes.md", "ghp" + "_" + Letters);
        Assert.Empty(new PlainSecretCheck().Findings(Snapshot()));
    }

    public void Dispose()
    {
        foreach (var file in Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories))
        {
            File.SetAttributes(file, FileAttributes.Normal);
        }

        Directory.Delete(_folder, recursive: true);
    }

    private HomelabSnapshot Snapshot() => new() { Cluster = Made.Cluster, RepositorySecrets = RepositorySecrets.Find(_folder, TestContext.Current.CancellationToken) };

    private void Write(string path, string text)
    {
        var full = Path.Combine(_folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
    }

    // All but what is the user's own.
    private void Commit(string except)
    {
        Repository.Init(_folder);
        using var repository = new Repository(_folder);
        Commands.Stage(repository, "*");
        Commands.Unstage(repository, except);
        var author = new Signature("homelab", "homelab@localhost", DateTimeOffset.UtcNow);
        repository.Commit("Begin", author, author);
    }
}
