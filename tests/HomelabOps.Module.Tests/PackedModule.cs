using System.Diagnostics;
using System.IO.Compression;
using System.Xml.Linq;
using HomelabOps.Testing;

namespace HomelabOps.Module.Tests;

/// <summary>The zip and the nupkg of the module as it is staged, in a folder of their own.</summary>
public sealed class PackedModule : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly string _folder = Directory.CreateTempSubdirectory("homelabops-").FullName;

    public PackedModule()
    {
        var (exitCode, output) = RunTarget("PackStagedModule", $"-p:PackageFolder={_folder}/packages/");
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

    /// <summary>Runs a target of the module's project as the build does, without restoring anything.</summary>
    public static (int ExitCode, string Output) RunTarget(string target, params string[] properties)
    {
        var start = new ProcessStartInfo("dotnet") { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        string[] arguments = ["msbuild", Path.Combine(Build.RepositoryRoot, "src", "HomelabOps"), $"-t:{target}", $"-p:Configuration={Build.Metadata("Configuration")}", "-nodeReuse:false", "-nologo", "-v:m", .. properties];
        Array.ForEach(arguments, start.ArgumentList.Add);

        // What a build that runs these tests passes on is for that build.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToArray())
        {
            start.Environment.Remove(name);
        }

        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(Limit))
        {
            process.Kill(entireProcessTree: true);
        }

        process.WaitForExit();
        return (process.ExitCode, output.GetAwaiter().GetResult() + errors.GetAwaiter().GetResult());
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
