using System.IO.Compression;
using System.Xml.Linq;
using HomelabOps.Testing;

namespace HomelabOps.Module.Tests;

/// <summary>The zip and the nupkg of the module as it is staged, in a folder of their own.</summary>
public sealed class PackedModule : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("homelabops-").FullName;

    public PackedModule()
    {
        var (exitCode, output) = BuildTarget.Run("HomelabOps", "PackStagedModule", $"-p:PackageFolder={_folder}/packages/");
        Assert.True(exitCode == 0, output);
        Assert.Equal(2, Directory.GetFileSystemEntries(Path.Combine(_folder, "packages")).Length);
        Zip = Path.Combine(_folder, "packages", $"HomelabOps.{Version}.zip");
        using var archive = ZipFile.OpenRead(Path.Combine(_folder, "packages", $"HomelabOps.{Version}.nupkg"));
        Entries = [.. archive.Entries.Select(entry => entry.FullName)];
        using var text = archive.GetEntry("HomelabOps.nuspec")!.Open();
        var metadata = XDocument.Load(text).Root!.Elements().Single(element => element.Name.LocalName == "metadata");
        Metadata = metadata.Elements().ToDictionary(element => element.Name.LocalName, element => element.Value, StringComparer.Ordinal);
    }

    /// <summary>The version that the manifest names.</summary>
    public static string Version { get; } = File.ReadLines(Build.Manifest).Single(line => line.TrimStart().StartsWith("ModuleVersion", StringComparison.Ordinal)).Split('\'')[1];

    public string Zip { get; }

    /// <summary>Everything in the nupkg.</summary>
    public IReadOnlyList<string> Entries { get; }

    /// <summary>What the nupkg says of itself.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
