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
        { "key: tskey" + "-auth-kAbCdEf11CNTRL-" + Letters[..32], "TokenInGit" },
        { "token: dckr" + "_pat_" + Letters[..27], "TokenInGit" },
        { "key: AI" + "za" + Letters[..35], "TokenInGit" },
        { "key: sk" + "_live_" + Letters[..24], "TokenInGit" },
        { "key: S" + "G." + Letters[..22] + "." + Letters + "aB3dE6g", "TokenInGit" },
        { "token: np" + "m_" + Letters, "TokenInGit" },
        { "token: h" + "f_" + Letters[..34], "TokenInGit" },
        { "token: do" + "p_v1_" + string.Concat(Enumerable.Repeat("0123456789abcdef", 4)), "TokenInGit" },
        { "url: https://discord" + ".com/api/webhooks/123456789012345678/" + Letters + Letters[..32], "TokenInGit" },
        { "Private" + "Key = " + Letters + "aB3dE6A=", "PrivateKeyInGit" },
        { "WIREGUARD_PRIVATE" + "_KEY: \"" + Letters + "aB3dE6A=\"", "PrivateKeyInGit" },
        { "Private" + "Key = " + new string('A', 43) + "=", "" },
        { "PublicKey = " + Letters + "aB3dE6A=", "" },
        { "PrivateKey = ${WG_KEY}", "" },
        { "token: sk" + "_live_${STRIPE_KEY}", "" },
        { "token: np" + "m_" + new string('x', 36), "" },
        { "-----BEGIN " + "OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAACmFlczI1Ni1jdHIAAAAGYmNyeXB0" + Body, "" },
        { "-----BEGIN " + "OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQ" + Body, "PrivateKeyInGit" },
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

    [Theory]
    [InlineData("a/secret.json", """{"apiVersion":"v1","kind":"Secret","metadata":{"name":"keys"},"stringData":{"password":"hunter2"}}""", "SecretInGit")]
    [InlineData("a/secret.json", """{"apiVersion":"v1","kind":"Secret","metadata":{"name":"keys"},"stringData":{"password":"${PASSWORD}","more":"ENC[AES256_GCM,data:abcd]"}}""", "")]
    [InlineData("a/other.json", """{"kind":"Secretary","apiVersion":"v1","data":{"a":"hunter2"}}""", "")]
    [InlineData("a/list.json", """{"items":[{"apiVersion":"v1","kind":"Secret","metadata":{"name":"keys"},"data":{"password":"aHVudGVyMg=="} }]}""", "SecretInGit")]
    [InlineData("a/broken.yaml", "apiVersion: v1\nkind: Secret\nmetadata:\n  name: keys\nstringData:\n  password: hunter2\n---\na: [b\n", "SecretInGit")]
    [InlineData("a/broken.yaml", "apiVersion: v1\nkind: Secret\nmetadata:\n  name: keys\nstringData:\n  password: ENC[AES256_GCM,data:abcd]\n---\na: [b\n", "")]
    [InlineData("a/sops.yaml", "apiVersion: v1\nkind: Secret\nmetadata: {name: keys, namespace: media}\nstringData: {password: hunter2, other: 'ENC[AES256_GCM,data:abcd]'}\nsops: {version: 3.9.0}\n", "SecretReadable")]
    [InlineData("a/sops.yaml", "apiVersion: v1\nkind: Secret\nmetadata: {name: keys, namespace: media}\nstringData: {user_unencrypted: anna, other: 'ENC[AES256_GCM,data:abcd]'}\nsops: {version: 3.9.0}\n", "")]
    [InlineData("a/kustomization.yaml", "secretGenerator:\n  - name: keys\n    literals:\n      - password=hunter2\n", "SecretReadable")]
    [InlineData("a/kustomization.yaml", "secretGenerator:\n  - name: keys\n    literals:\n      - password=${PASSWORD}\n      - other=xxxx\n", "")]
    [InlineData("a/kustomization.yaml", "configMapGenerator:\n  - name: keys\n    literals:\n      - level=debug\n", "")]
    public void Values_of_Secrets_are_found_wherever_they_stand(string path, string text, string expected)
    {
        Write(path, text);
        Write("own.txt", "");
        Commit("own.txt");
        Assert.Equal(expected, string.Join(',', new PlainSecretCheck().Check(Snapshot()).Select(symptom => symptom.Finding.Reason)));
        Assert.DoesNotContain("hunter2", new PlainSecretCheck().Text(Snapshot()), StringComparison.Ordinal);
    }

    [Fact]
    public void So_are_the_variables_that_Secrets_are_made_of()
    {
        Write("a/kustomization.yaml", "secretGenerator:\n  - name: keys\n    envs: [keys.env]\n  - name: more\n    env: sealed.env\nconfigMapGenerator:\n  - name: settings\n    envs: [settings.env]\n");
        Write("a/keys.env", "# Keys\nEMPTY=\nPASSWORD=hunter2\n");
        Write("a/sealed.env", "PASSWORD=ENC[AES256_GCM,data:abcd]\nsops_version=3.9.0\n");
        Write("a/settings.env", "LEVEL=debug\n");
        Write("own.txt", "");
        Commit("own.txt");
        var found = Assert.Single(new PlainSecretCheck().Check(Snapshot())).Finding;
        Assert.Equal(("SecretInGit", "a/keys.env", 3), (found.Reason, found.File, found.Line));
    }

    [Fact]
    public void A_folder_of_a_working_copy_is_looked_at_as_well()
    {
        Write("apps/notes.md", "ghp" + "_" + Letters);
        Write("own.txt", "");
        Commit("own.txt");
        var secrets = RepositorySecrets.Find(Path.Combine(_folder, "apps"), TestContext.Current.CancellationToken);
        Assert.Equal("apps/notes.md", Assert.Single(secrets.Leaks).File);
    }

    [Fact]
    public void A_repository_within_another_is_told_of_once()
    {
        Write("sample/flux.yaml", "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata:\n  name: apps\n  namespace: flux-system\nspec:\n  path: ./apps\n  prune: true\n  sourceRef:\n    kind: GitRepository\n    name: flux-system\n");
        Write("sample/apps/kustomization.yaml", "resources: [secret.yaml]\n");
        Write("sample/apps/secret.yaml", "apiVersion: v1\nkind: Secret\nmetadata:\n  name: keys\nstringData:\n  password: hunter2\n");
        Write("sample/notes.md", "ghp" + "_" + Letters);
        Write("notes.md", "ghp" + "_" + Letters);
        Write("own.txt", "");
        Commit("own.txt");
        var secrets = RepositorySecrets.Find(Path.Combine(_folder, "sample"), TestContext.Current.CancellationToken);
        Assert.Equal("apps/secret.yaml", Assert.Single(secrets.Manifests).File);
        Assert.Equal("notes.md", Assert.Single(secrets.Leaks).File);
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
