using System.Text;
using HomelabOps.Core.Diagnosis.Manifests;
using HomelabOps.Core.Streaming;
using LibGit2Sharp;

namespace HomelabOps.Core.Tests.Diagnosis.Manifests;

/// <summary>The whole service, on folders of this machine.</summary>
public sealed class ManifestTesterTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("homelabops-").FullName;

    public ManifestTesterTests()
    {
        Write("cluster/sync.yaml", Checked.Flux("flux-system", "./cluster"));
        Write("cluster/apps.yaml", Checked.Flux("apps", "./apps"));
        Write("apps/kustomization.yaml", "resources: [namespace.yaml, app.yaml, below]\n");
        Write("apps/namespace.yaml", "apiVersion: v1\nkind: Namespace\nmetadata: {name: media}\n");
        Write("apps/app.yaml", Checked.Map("app").Replace("\ndata", "\ndota", StringComparison.Ordinal));
        Write("apps/below/kustomization.yaml", "resources: [b.yaml, none.yaml]\n");
        Write("apps/below/b.yaml", Checked.Map("b"));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("", "apps/below/kustomization.yaml:1:21")]
    [InlineData("apps", "apps/below/kustomization.yaml:1:21")]
    [InlineData("apps/below", "apps/below/kustomization.yaml:1:21")]
    [InlineData("apps/below/kustomization.yaml", "apps/below/kustomization.yaml:1:21")]
    [InlineData("cluster", null)]
    public async Task A_folder_of_a_working_copy_is_judged_by_the_whole_of_it(string path, string? expected)
    {
        Directory.CreateDirectory(Path.Combine(_folder, ".git"));
        var findings = await CheckAsync(new() { Path = Path.Combine(_folder, path) });
        Assert.Equal(expected is null ? [] : [expected], findings.Select(finding => finding.Place));
    }

    [Fact]
    public async Task A_repository_within_another_working_copy_is_one_of_its_own()
    {
        var outer = Directory.CreateDirectory(Path.Combine(_folder, "samples")).FullName;
        Directory.Move(Path.Combine(_folder, "cluster"), Path.Combine(outer, "cluster"));
        Directory.Move(Path.Combine(_folder, "apps"), Path.Combine(outer, "apps"));
        Directory.CreateDirectory(Path.Combine(_folder, ".git"));
        Assert.Equal(["apps/below/kustomization.yaml:1:21"], (await CheckAsync(new() { Path = outer })).Select(finding => finding.Place));
    }

    [Fact]
    public async Task Without_Git_the_folder_is_the_repository()
    {
        Write("apps/below/none.yaml", Checked.Map("c"));
        Assert.Equal(["FieldUnknown apps/app.yaml:4:1"], (await CheckAsync(new() { Path = _folder })).Select(finding => $"{finding.Reason} {finding.Place}"));
    }

    [Theory]
    [InlineData("utf-16", "UTF-16")]
    [InlineData("iso-8859-1", "not UTF-8 in line 5")]
    public async Task A_file_in_another_encoding_is_told(string encoding, string expected)
    {
        Write("apps/below/none.yaml", "");
        var text = Checked.Map("c").Replace("app", "Menü", StringComparison.Ordinal) + "# Über\n";
        await File.WriteAllTextAsync(Path.Combine(_folder, "apps", "below", "none.yaml"), text, Encoding.GetEncoding(encoding), TestContext.Current.CancellationToken);
        var finding = Assert.Single(await CheckAsync(new() { Path = _folder }), finding => finding.Reason == "EncodingInvalid");
        Assert.Contains(expected, finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Built_objects_come_with_what_applies_them_and_mistakes_are_warnings()
    {
        Write("apps/below/none.yaml", Checked.Map("c"));
        var (objects, notices) = await CollectAsync(ManifestTester.BuildAsync(new() { Path = _folder }, TestContext.Current.CancellationToken));
        Assert.Equal(["Kustomization/flux-system/apps", "Kustomization/flux-system/flux-system", "Namespace/media", "ConfigMap/media/app", "ConfigMap/media/b", "ConfigMap/media/c"], objects.Select(item => item.Object.Reference.ToString()));
        Assert.Equal(("apps", "apps/below/b.yaml", 1), (objects[4].Kustomization.Name, objects[4].File, objects[4].Line));
        Assert.Equal("b", objects[4].Object.Json.GetProperty("data").GetProperty("a").GetString());
        Assert.StartsWith("apps/app.yaml:4:1: Error: ", Assert.IsType<WarningNotice>(Assert.Single(notices)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Definitions_that_cannot_be_read_are_left_out_with_a_warning()
    {
        Write("schemas/broken.yaml", "a: [\n");
        Write("schemas/readme.md", "text");
        var (_, notices) = await CollectAsync(ManifestTester.CheckAsync(new() { Path = _folder, SchemaPath = Path.Combine(_folder, "schemas") }, TestContext.Current.CancellationToken));
        Assert.Contains("broken.yaml", Assert.IsType<WarningNotice>(Assert.Single(notices)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_pushed_last_is_what_a_change_is_held_against()
    {
        const string text = "apiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: {name: local}\nprovisioner: rancher.io/local-path\nreclaimPolicy: Retain\n";
        Write("apps/below/none.yaml", text);
        Repository.Init(_folder);
        using (var repository = new Repository(_folder))
        {
            Commands.Stage(repository, "*");
            var author = new Signature("Test", "test@home.arpa", DateTimeOffset.UnixEpoch);
            repository.Commit("Begin", author, author);
        }

        Assert.DoesNotContain(await CheckAsync(new() { Path = _folder }), finding => finding.Reason == "FieldImmutable");
        Write("apps/below/none.yaml", text.Replace("Retain", "Delete", StringComparison.Ordinal));
        Assert.Equal("apps/below/none.yaml:5:1", Assert.Single(await CheckAsync(new() { Path = _folder }), finding => finding.Reason == "FieldImmutable").Place);
    }

    [Theory]
    [InlineData("none", null)]
    [InlineData("apps", "none")]
    public async Task A_path_that_leads_nowhere_is_an_error(string path, string? schemas)
    {
        var query = new ManifestQuery { Path = Path.Combine(_folder, path), SchemaPath = schemas is null ? null : Path.Combine(_folder, schemas) };
        Assert.Equal("PathNotFound", (await Assert.ThrowsAsync<HomelabException>(() => CheckAsync(query))).Id);
    }

    [Fact]
    public async Task It_ends_when_it_is_stopped()
    {
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => CollectAsync(ManifestTester.CheckAsync(new() { Path = _folder }, stop.Token)));
    }

    private static async Task<IReadOnlyList<HomelabFinding>> CheckAsync(ManifestQuery query) => (await CollectAsync(ManifestTester.CheckAsync(query, TestContext.Current.CancellationToken))).Items;

    private static async Task<(List<T> Items, List<Notice> Notices)> CollectAsync<T>(IAsyncEnumerable<Streamed<T>> stream)
    {
        var (items, notices) = (new List<T>(), new List<Notice>());
        await foreach (var item in stream)
        {
            if (item.Notice is { } notice)
            {
                notices.Add(notice);
            }
            else
            {
                items.Add(item.Value!);
            }
        }

        return (items, notices);
    }

    private void Write(string path, string text)
    {
        var file = Path.Combine(_folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }
}
