using System.Diagnostics;
using HomelabOps.Testing;

namespace HomelabOps.Module.Tests;

/// <summary>Get-HomelabManifest in the real engine.</summary>
[Collection(nameof(ProcessWide))]
public sealed class ManifestTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("homelabops-").FullName;
    private readonly Engine _engine = new();

    public ManifestTests()
    {
        Write("cluster/apps.yaml", "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: apps, namespace: flux-system}\nspec:\n  path: ./apps\n  sourceRef: {kind: GitRepository, name: flux-system}\n");
        Write("apps/kustomization.yaml", "resources: [sonarr.yaml, plex.yaml]\nreplicas:\n  - name: sonarr\n    count: 2\n");
        Write("apps/sonarr.yaml", "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: sonarr, namespace: media}\nspec:\n  replicas: 1\n  template:\n    spec:\n      containers:\n        - name: app\n          image: linuxserver/sonarr:4.0.16\n");
        Write("apps/plex.yaml", "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: plex, namespace: tv}\nspec:\n  values:\n    controllers:\n      plex: {containers: {app: {image: {repository: plexinc/pms, tag: '1.2'}}}}\n");
        Environment.SetEnvironmentVariable("HOMELABOPS_CONFIG", Write("homelab.yaml", "primaryNode: w1\n"));
        _engine.Run("$null = $ExecutionContext.SessionState.Path.SetLocation($folder)", ("folder", _folder)).ThrowIfFailed();
    }

    public void Dispose()
    {
        Environment.SetEnvironmentVariable("HOMELABOPS_CONFIG", null);
        _engine.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("Get-HomelabManifest sonarr -Repository .", "Replicas=2@apps/kustomization.yaml:4 Image=linuxserver/sonarr:4.0.16@apps/sonarr.yaml:10")]
    [InlineData("Get-HomelabManifest -App s* -Repository . -Field Replicas", "Replicas=2@apps/kustomization.yaml:4")]
    [InlineData("Get-HomelabManifest -Repository . -Namespace tv", "Image=plexinc/pms:1.2@apps/plex.yaml:7")]
    [InlineData("Get-HomelabManifest -Repository $folder -Field Image", "Image=linuxserver/sonarr:4.0.16@apps/sonarr.yaml:10 Image=plexinc/pms:1.2@apps/plex.yaml:7")]
    [InlineData("'tv/plex', 'sonarr' | Get-HomelabManifest -Repository . -Field Image", "Image=linuxserver/sonarr:4.0.16@apps/sonarr.yaml:10 Image=plexinc/pms:1.2@apps/plex.yaml:7")]
    [InlineData("[HomelabOps.HomelabPod]@{ Namespace = 'tv'; Kind = 'Pod'; Name = 'plex-1'; App = 'plex' } | Get-HomelabManifest -Repository .", "Image=plexinc/pms:1.2@apps/plex.yaml:7")]
    [InlineData("[HomelabOps.ResourceReference]::new('', 'Deployment', 'media', 'sonarr') | Get-HomelabManifest -Repository . -Field Image", "Image=linuxserver/sonarr:4.0.16@apps/sonarr.yaml:10")]
    [InlineData("Get-HomelabManifest sonarr -Repository . -Field Image | Get-HomelabManifest -Repository . -Field Replicas", "Replicas=2@apps/kustomization.yaml:4")]
    public void Values_come_with_their_places(string script, string expected) =>
        Assert.Equal(expected, string.Join(' ', _engine.Run($"{script} | ForEach-Object {{ '{{0}}={{1}}@{{2}}' -f $_.Field, $_.Value, $_.Place }}", ("folder", _folder)).Strings));

    [Fact]
    public void The_working_copy_around_the_current_folder_is_found()
    {
        Directory.CreateDirectory(Path.Combine(_folder, ".git"));
        Assert.Equal(["sonarr", "sonarr", "plex"], _engine.Run("$null = $ExecutionContext.SessionState.Path.SetLocation('apps'); (Get-HomelabManifest).App").Strings);
    }

    [Theory]
    [InlineData("Get-HomelabManifest radarr -Repository .", "AppNotFound")]
    [InlineData("Get-HomelabManifest sonar -Repository .", "AppNotFound")]
    [InlineData("Get-HomelabManifest -Repository ./none", "PathNotFound")]
    [InlineData("Get-HomelabManifest", "RepositoryRequired")]
    [InlineData("'a/b/c/d' | Get-HomelabManifest -Repository .", "NotAReference")]
    public void What_cannot_be_shown_is_an_error_with_its_id(string script, string id) => Assert.Equal([id], _engine.Run(script).ErrorIds);

    // What is read of it is read from a folder here, which the user's git takes the address for.
    [Fact]
    public void The_login_of_a_remote_is_nowhere_to_be_seen()
    {
        Git("init", "--quiet", "--initial-branch=main");
        Git("add", "--all");
        Git("-c", "user.name=Anna", "-c", "user.email=anna@example.org", "commit", "--quiet", "-m", "Begin");
        (string Name, string Value)[] surroundings = [("GIT_CONFIG_COUNT", "1"), ("GIT_CONFIG_KEY_0", $"url.{_folder}.insteadOf"), ("GIT_CONFIG_VALUE_0", "https://home.invalid/homelab.git"), ("XDG_CACHE_HOME", Path.Combine(_folder, "cache"))];
        var before = surroundings.Select(one => Environment.GetEnvironmentVariable(one.Name)).ToArray();
        foreach (var (name, value) in surroundings)
        {
            Environment.SetEnvironmentVariable(name, value);
        }

        try
        {
            const string Repository = "-Repository 'https://anna:s3cret@home.invalid/homelab.git'";
            var found = _engine.Run($"Get-HomelabManifest {Repository} -Field Image -Verbose 4>&1 | ForEach-Object {{ \"$_\"; $_.PSObject.Properties | ForEach-Object {{ \"$($_.Name)=$($_.Value)\" }} }}").ThrowIfFailed();
            Assert.Contains("File=apps/sonarr.yaml", found.Strings);
            Assert.DoesNotContain(found.Strings.Concat(found.Warnings), text => text!.Contains("s3cret", StringComparison.Ordinal));
            var missing = Assert.Single(_engine.Run($"Get-HomelabManifest radarr {Repository}").Errors);
            Assert.Equal("AppNotFound", missing.FullyQualifiedErrorId.Split(',')[0]);
            Assert.Contains("https://home.invalid/homelab.git", missing.Exception.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("s3cret", $"{missing} {missing.Exception} {missing.TargetObject}", StringComparison.Ordinal);
        }
        finally
        {
            foreach (var (index, one) in surroundings.Index())
            {
                Environment.SetEnvironmentVariable(one.Name, before[index]);
            }
        }
    }

    [Fact]
    public void What_is_no_application_is_a_warning()
    {
        var result = _engine.Run("[HomelabOps.ResourceReference]::new('', 'Node', '', 'w1') | Get-HomelabManifest -Repository .");
        Assert.Empty(result.Output);
        Assert.Single(result.Warnings);
    }

    [Fact]
    public void A_pod_of_VolSync_leads_to_no_application()
    {
        var result = _engine.Run("$labels = [Collections.Generic.Dictionary[string, string]]::new(); $labels['app.kubernetes.io/created-by'] = 'volsync'; "
            + "[HomelabOps.HomelabPod]@{Namespace = 'media'; Name = 'volsync-sonarr-x'; App = 'volsync-sonarr'; Labels = $labels} | Get-HomelabManifest -Repository .");
        Assert.Empty(result.Output);
        Assert.Empty(result.Errors);
        Assert.Single(result.Warnings);
    }

    [Fact]
    public void A_Kustomization_that_cannot_be_built_is_a_warning_and_the_rest_is_shown()
    {
        Write("cluster/broken.yaml", "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: broken, namespace: flux-system}\nspec:\n  path: ./broken\n  sourceRef: {kind: GitRepository, name: flux-system}\n");
        Write("broken/kustomization.yaml", "resources: [none.yaml]\n");
        var result = _engine.Run("Get-HomelabManifest sonarr -Repository . -Field Image");
        Assert.Single(result.Output);
        Assert.Contains("broken", Assert.Single(result.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Names_of_applications_are_completed_without_a_cluster() => Assert.Equal(
        ["plex", "sonarr"],
        _engine.Run("$text = 'Get-HomelabManifest -Repository . -App '; [System.Management.Automation.CommandCompletion]::CompleteInput($text, $text.Length, $null).CompletionMatches.CompletionText").Strings);

    private void Git(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("git", ["-C", _folder, .. arguments]) { UseShellExecute = false })!;
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    private string Write(string path, string text)
    {
        var file = Path.Combine(_folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
        return file;
    }
}
