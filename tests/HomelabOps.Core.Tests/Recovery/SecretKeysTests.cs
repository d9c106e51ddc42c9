using System.Diagnostics;
using HomelabOps.Core.GitOps.Yaml;
using HomelabOps.Core.Kubernetes.Objects;
using HomelabOps.Core.Kubernetes.Wire;
using HomelabOps.Core.Machine;
using HomelabOps.Core.Recovery;
using HomelabOps.Core.Recovery.Gates;
using HomelabOps.Testing;

namespace HomelabOps.Core.Tests.Recovery;

/// <summary>What is encrypted in Git counts as lost unless a key that opens it is here as well.</summary>
[Collection(nameof(SecretKeysTests))]
[CollectionDefinition(nameof(SecretKeysTests), DisableParallelization = true)]
public sealed class SecretKeysTests : IDisposable
{
    private const string Age = "age1cuee5gh48nwd2yhw7pwz27d8zz0ymxtqxehrn5g22y2vql94jgls74lp6j";
    private static readonly string[] Variables = ["GNUPGHOME", "SOPS_GPG_EXEC", "SOPS_AGE_KEY_FILE", "SOPS_AGE_KEY", "SOPS_AGE_SSH_PRIVATE_KEY_FILE"];

    private readonly string _folder = Directory.CreateTempSubdirectory("hops-keys-").FullName;
    private readonly Dictionary<string, string?> _before = Variables.ToDictionary(name => name, Environment.GetEnvironmentVariable, StringComparer.Ordinal);

    public SecretKeysTests()
    {
        foreach (var name in Variables)
        {
            Environment.SetEnvironmentVariable(name, null);
        }

        Environment.SetEnvironmentVariable("SOPS_AGE_KEY_FILE", At("keys.txt"));
        Environment.SetEnvironmentVariable("GNUPGHOME", At("ring"));
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        // The agent that gpg leaves behind is of this folder.
        if (Programs.Find("gpgconf") is { } gpgconf && Directory.Exists(At("ring")))
        {
            Run(gpgconf, "--homedir", At("ring"), "--kill", "all");
        }

        foreach (var (name, value) in _before)
        {
            Environment.SetEnvironmentVariable(name, value);
        }

        Scratch.Delete(_folder);
    }

    [Fact]
    public async Task A_key_of_PGP_is_known_by_the_keyring_of_gpg()
    {
        Assert.SkipWhen(Programs.Find("gpg") is null, "There is no gpg on this machine.");
        Directory.CreateDirectory(At("ring"));
        Run("chmod", "0700", At("ring"));
        var mine = MakeKey("homelab@example.org");
        var lost = MakeKey("lost@example.org");
        var signing = MakeKey("signing@example.org", "ed25519", "sign");
        Run("gpg", "--batch", "--yes", "--delete-secret-keys", lost);

        Assert.Equal([mine], await FindAsync(mine, lost, signing, Age));
        Assert.Equal([mine[^16..], $"0x{mine}"], await FindAsync(mine[^16..], $"0x{mine}", "0000"));

        // The gate says which file nobody could open any more.
        var missing = await MissingAsync(("apps/open.yaml", Pgp(mine)), ("apps/shut.yaml", Pgp(lost)), ("apps/either.yaml", Pgp(lost, mine)));
        Assert.Equal([$"{lost} (apps/shut.yaml)"], missing);
    }

    [Fact]
    public async Task Without_gpg_a_key_of_PGP_is_not_here()
    {
        Environment.SetEnvironmentVariable("SOPS_GPG_EXEC", At("nosuch"));
        Assert.Empty(await FindAsync("85D77543B3D624B63CEA9E6DBC17301B491B3F21"));
    }

    [Fact]
    public void A_primary_key_that_is_kept_elsewhere_decrypts_by_its_subkey()
    {
        const string Elsewhere = "sec#:u:255:22:AAAA:1:::u:::scESC:::#::ed25519:::0:\nfpr:::::::::1111:\nssb:u:255:18:BBBB:1::::::e:::+::cv25519::\nfpr:::::::::2222:\n";
        const string Stub = "sec:u:255:22:CCCC:1:::u:::scESC:::+::ed25519:::0:\nfpr:::::::::3333:\nssb:u:255:18:DDDD:1::::::e:::#::cv25519::\nfpr:::::::::4444:\n";
        const string Card = "sec:u:255:22:EEEE:1:::u:::scESC:::D276000124010304::ed25519:::0:\nfpr:::::::::5555:\nssb:u:255:18:FFFF:1::::::e:::D276000124010304::cv25519::\nfpr:::::::::6666:\n";
        Assert.Equal(["1111", "2222", "5555", "6666"], GpgKeyring.Parse(Elsewhere.Replace("sec#", "sec", StringComparison.Ordinal) + Stub + Card).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Keys_of_age_and_of_SSH_are_known_by_their_public_halves()
    {
        const string Ssh = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDy4YPzDAz1u0cLUdG8MZvUqTn9s0m3b0oJ2Xv7fQ8pE";
        Assert.Empty(await FindAsync(Age));
        await File.WriteAllTextAsync(At("keys.txt"), $"# created: 2026-01-01\n# public key: {Age}\nnot read\n", Stop);
        await File.WriteAllTextAsync(At("id"), "not read", Stop);
        await File.WriteAllTextAsync(At("id.pub"), Ssh + " me@laptop\n", Stop);
        Environment.SetEnvironmentVariable("SOPS_AGE_KEY", "# public key: age1other\nnot read");
        Assert.Equal([Age, "age1other"], await FindAsync(Age, "age1other", Ssh, "age1nobody"));
        Environment.SetEnvironmentVariable("SOPS_AGE_SSH_PRIVATE_KEY_FILE", At("id"));
        Assert.Equal([Ssh], await FindAsync(Ssh));
        File.Delete(At("id"));
        Assert.Empty(await FindAsync(Ssh));
    }

    [Fact]
    public async Task Of_several_groups_as_many_are_needed_as_the_file_says()
    {
        await File.WriteAllTextAsync(At("keys.txt"), $"# public key: {Age}\n", Stop);
        const string Groups = "  key_groups:\n    - age: [{recipient: " + Age + "}]\n    - age: [{recipient: age1lost}, {recipient: age1gone}]\n";
        Assert.Equal([$"{Age} + age1lost | age1gone (both.yaml)"], await MissingAsync(("both.yaml", Groups)));
        Assert.Empty(await MissingAsync(("one.yaml", Groups + "  shamir_threshold: 1\n")));
        Assert.Empty(await MissingAsync(("service.yaml", "  kms: [{arn: 'arn:aws:kms:eu:1:key/1'}]\n")));
    }

    [Fact]
    public void An_image_by_digest_that_a_registry_does_not_have_is_told()
    {
        Assert.Equal(["registry.example.org/app@sha256:0a (media/web)"], Lost("registry.example.org/app@sha256:0a", "ErrImagePull", "manifest unknown"));
        Assert.Empty(Lost("registry.example.org/app:1.0", "ErrImagePull", "manifest unknown"));
        Assert.Empty(Lost("registry.example.org/app@sha256:0a", "ErrImagePull", "dial tcp: i/o timeout"));
        Assert.Empty(Lost("registry.example.org/app@sha256:0a", "CrashLoopBackOff", "not found"));

        static IEnumerable<string> Lost(string image, string reason, string message) => LostImages.Of(new PodWire
        {
            Metadata = new() { Name = "web", Namespace = "media" },
            Spec = new() { Containers = [new() { Name = "app", Image = image }] },
            Status = new() { ContainerStatuses = [new() { Name = "app", State = new() { Waiting = new() { Reason = reason, Message = message } } }] },
        });
    }

    private static string Pgp(params string[] keys) => "  pgp:\n" + string.Concat(keys.Select(key => $"    - fp: {key}\n"));

    private static async Task<IEnumerable<string>> FindAsync(params string[] wanted) => wanted.Intersect(await KnownKeys.FindAsync(wanted, Stop));

    private static async Task<IReadOnlyList<string>> MissingAsync(params (string File, string Sops)[] files)
    {
        EncryptedFile[] encrypted = [.. files.Select(file => EncryptedFile.Of(file.File, YamlReader.ReadAll(file.File, $"sops:\n  mac: AA\n{file.Sops}").Single().Root.Find("sops")!))];
        var facts = new RecoveryFacts
        {
            Config = new(),
            Git = new() { Repository = "homelab", Objects = new HashSet<ObjectKey>(), Broken = [], FluxFolders = ["."], Encrypted = encrypted },
            Items = new Dictionary<(string, string), IReadOnlyList<LiveItem>>(),
            Denied = [],
            Applied = new HashSet<ObjectKey>(),
            Keys = await KnownKeys.FindAsync([.. encrypted.SelectMany(file => file.Keys)], Stop),
        };
        return new SecretKeysGate().Missing(facts);
    }

    private string At(string name) => Path.Combine(_folder, name);

    private static string MakeKey(string user, string algorithm = "future-default", string usage = "default")
    {
        Run("gpg", "--batch", "--quiet", "--pinentry-mode", "loopback", "--passphrase", "", "--quick-generate-key", user, algorithm, usage, "never");
        return Run("gpg", "--batch", "--with-colons", "--list-keys", user).Split('\n').First(line => line.StartsWith("fpr:", StringComparison.Ordinal)).Split(':')[9];
    }

    private static string Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, errors.Result);
        return output;
    }
}
