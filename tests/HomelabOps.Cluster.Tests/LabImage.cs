using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using HomelabOps.Testing;

namespace HomelabOps.Cluster.Tests;

/// <summary>The image archive that the build makes, twice, and the first of them on a node of the lab.</summary>
public sealed class LabImage : IDisposable
{
    public const string Node = "k3s-w1";

    private readonly TemporaryFolder _folder = new();
    private readonly Lazy<(string First, string Second, JsonObject Index)> _made;
    private string? _imported;

    public LabImage() => _made = new(Make);

    public string First => _made.Value.First;

    public string Second => _made.Value.Second;

    /// <summary>What containerd calls it.</summary>
    public string Name => (string)_made.Value.Index["manifests"]![0]!["annotations"]!["io.containerd.image.name"]!;

    public long Length => new FileInfo(Path.Combine(_folder.Path, "first.tar")).Length;

    /// <summary>As the page has it done on each node.</summary>
    public void Import()
    {
        if (_imported is null)
        {
            _ = First;
            NodeShell.Run(Node, $"ctr -n k8s.io images import '{_folder.Path}/first.tar'");
            _imported = (string)_made.Value.Index["manifests"]![0]!["digest"]!;
        }
    }

    public void Dispose()
    {
        if (_imported is not null)
        {
            // containerd has it under its name and under the digest of its configuration.
            NodeShell.Run(Node, $"ctr -n k8s.io images ls | awk -v digest={_imported} '$3 == digest {{ print $1 }}' | xargs -r ctr -n k8s.io images rm");
        }

        _folder.Dispose();
    }

    private (string, string, JsonObject) Make()
    {
        string[] tools = ["umoci", "mmdebstrap", "jq"];
        var missing = string.Join(", ", tools.Where(tool => !File.Exists($"/usr/bin/{tool}")));
        Assert.False(missing.Length > 0 && Environment.GetEnvironmentVariable("HOMELABOPS_REQUIRE_LAB") == "1", missing);
        Assert.SkipWhen(missing.Length > 0, $"An image is not made without {missing}.");
        Environment.SetEnvironmentVariable("HOMELABOPS_IMAGE_CACHE", Path.Combine(CacheFolder.OfUser, "homelabops-image"));
        return (Pack("first.tar"), Pack("second.tar"), ReadIndex());
    }

    private string Pack(string name)
    {
        var path = Path.Combine(_folder.Path, name);
        var (exitCode, output) = BuildTarget.Run("HomelabOps.Console", "PackImage", $"-p:ImageArchive={path}");
        Assert.True(exitCode == 0, output);
        using var archive = File.OpenRead(path);
        return Convert.ToHexString(SHA256.HashData(archive));
    }

    private JsonObject ReadIndex()
    {
        using var reader = new TarReader(File.OpenRead(Path.Combine(_folder.Path, "first.tar")));
        while (reader.GetNextEntry() is { } entry)
        {
            if (entry.Name == "index.json")
            {
                return JsonNode.Parse(entry.DataStream!)!.AsObject();
            }
        }

        throw new InvalidOperationException("The archive has no index.");
    }
}
