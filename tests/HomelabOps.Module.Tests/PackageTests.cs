using System.Collections;
using System.IO.Compression;
using System.Text.RegularExpressions;
using HomelabOps.Testing;

namespace HomelabOps.Module.Tests;

/// <summary>What a package holds, by the packages of the module as it is staged here: compiled ahead for this system at the most.</summary>
public sealed partial class PackageTests(PackedModule package) : IClassFixture<PackedModule>
{
    private static readonly string[] Supported = ["linux-arm64", "linux-musl-x64", "linux-x64", "osx-arm64", "osx-x64", "win-x64"];

    [Fact]
    public void It_says_of_itself_what_the_manifest_says()
    {
        using var engine = new Engine(import: false);
        var manifest = (Hashtable)engine.Run("& ([scriptblock]::Create([System.IO.File]::ReadAllText($path)))", ("path", Build.Manifest)).ThrowIfFailed().Output.Single().BaseObject;
        var gallery = (Hashtable)((Hashtable)manifest["PrivateData"]!)["PSData"]!;

        Assert.Equal("HomelabOps", package.Metadata["id"]);
        Assert.Equal(manifest["ModuleVersion"], package.Metadata["version"]);
        Assert.Equal(manifest["Description"], package.Metadata["description"]);
        Assert.Equal(manifest["Author"], package.Metadata["authors"]);
        Assert.Equal(manifest["Copyright"], package.Metadata["copyright"]);
        Assert.Equal(gallery["ProjectUri"], package.Metadata["projectUrl"]);
        Assert.Equal(gallery["ReleaseNotes"], package.Metadata["releaseNotes"]);
        Assert.Equal("MIT", package.Metadata["license"]);
        Assert.Equal(((object[])gallery["Tags"]!).Append("PSModule").Cast<string>().Order(StringComparer.Ordinal), package.Metadata["tags"].Split(' ').Order(StringComparer.Ordinal));
    }

    [Fact]
    public void All_files_of_the_module_are_at_the_places_where_PowerShell_looks_for_them()
    {
        var staged = Directory.GetFiles(Build.Module, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(Build.Module, file).Replace('\\', '/')).Order(StringComparer.Ordinal).ToList();

        // The rest is how a nupkg describes itself.
        Assert.Equal(staged, package.Entries.Where(entry => !Envelope().IsMatch(entry)).Order(StringComparer.Ordinal));
        using var zip = ZipFile.OpenRead(package.Zip);
        Assert.Equal(staged, zip.Entries.Select(entry => entry.FullName).Where(name => !name.EndsWith('/')).Order(StringComparer.Ordinal));
        Assert.All(new[] { "HomelabOps.psd1", "HomelabOps.psm1", "HomelabOps.dll", "HomelabOps.deps.json", "en-US/HomelabOps.dll-Help.xml" }, name => Assert.Contains(name, staged));
    }

    [Fact]
    public void The_engine_is_not_in_it() =>
        Assert.DoesNotContain(package.Entries, entry => Path.GetFileName(entry) is "System.Management.Automation.dll" or "PowerShellStandard.Library.dll");

    [Fact]
    public void It_holds_native_libraries_of_the_six_systems_and_code_compiled_ahead_of_none_but_these()
    {
        Assert.Equal(Supported, Folders("runtimes"));
        Assert.All(Folders("r2r"), folder => Assert.Contains(folder, Supported));
    }

    [Fact]
    public async Task The_zip_unpacked_is_a_module_that_imports()
    {
        var folder = Directory.CreateTempSubdirectory("homelabops-").FullName;
        try
        {
            await ZipFile.ExtractToDirectoryAsync(package.Zip, Path.Combine(folder, "HomelabOps"), TestContext.Current.CancellationToken);

            var result = await ConsoleProcess.RunAsync(
                "Import-Module HomelabOps; Get-HomelabConnection; (Get-Command -Module HomelabOps).Name; (Get-Module HomelabOps).ModuleBase",
                import: false,
                TestContext.Current.CancellationToken,
                ("PSModulePath", folder));

            Assert.Equal("", result.Error);
            Assert.Equal(Path.Combine(folder, "HomelabOps"), result.Lines[^1]);
            Assert.Contains("Get-FluxStatus", result.Lines);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void A_package_without_the_code_of_all_systems_is_refused_before_anything_is_built()
    {
        var (exitCode, output) = BuildTarget.Run("HomelabOps", "PackageModule", "-p:PackageFolder=never-made/");

        Assert.NotEqual(0, exitCode);
        Assert.Contains("-p:AllReadyToRunRids=true", output, StringComparison.Ordinal);
        Assert.DoesNotContain("HomelabOps.dll", output, StringComparison.Ordinal);
    }

    private IEnumerable<string> Folders(string parent) => package.Entries.Where(entry => entry.StartsWith(parent + "/", StringComparison.Ordinal))
        .Select(entry => entry.Split('/')[1]).Distinct().Order(StringComparer.Ordinal);

    [GeneratedRegex(@"^(_rels/|package/|\[Content_Types\]\.xml$|HomelabOps\.nuspec$)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Envelope();
}
