using System.Reflection.PortableExecutable;
using HomelabOps.Testing;

namespace HomelabOps.Module.Tests;

/// <summary>What the build puts into out/HomelabOps.</summary>
public sealed class StagedModuleTests
{
    private static readonly string[] Supported = ["linux-arm64", "linux-musl-x64", "linux-x64", "osx-arm64", "osx-x64", "win-x64"];

    [Fact]
    public void The_engine_is_not_shipped() =>
        Assert.DoesNotContain(Files(), file => Path.GetFileName(file) is "System.Management.Automation.dll" or "PowerShellStandard.Library.dll");

    [Fact]
    public void Native_libraries_are_there_for_the_six_supported_systems_only() =>
        Assert.Equal(Supported, Directory.GetDirectories(Path.Combine(Build.Module, "runtimes")).Select(Path.GetFileName).Order(StringComparer.Ordinal));

    [Fact]
    public void Everything_outside_r2r_is_IL_that_runs_everywhere() =>
        Assert.All(Files().Where(file => file.EndsWith(".dll", StringComparison.Ordinal) && !InFolder(file, "r2r") && !InFolder(file, "runtimes")), file => Assert.False(IsReadyToRun(file), file));

    [Fact]
    public void Everything_in_r2r_is_compiled_ahead_and_has_its_IL_beside() =>
        Assert.All(Files().Where(file => InFolder(file, "r2r")), file =>
        {
            Assert.True(IsReadyToRun(file), file);
            Assert.True(File.Exists(Path.Combine(Build.Module, Path.GetFileName(file))), file);
        });

    [Fact]
    public void Nothing_is_left_of_tests_or_of_the_build() =>
        Assert.DoesNotContain(Files(), file => file.EndsWith(".runtimeconfig.json", StringComparison.Ordinal) || file.Contains("xunit", StringComparison.OrdinalIgnoreCase));

    private static string[] Files() => Directory.GetFiles(Build.Module, "*", SearchOption.AllDirectories);

    private static bool InFolder(string file, string folder) =>
        Path.GetRelativePath(Build.Module, file).StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    private static bool IsReadyToRun(string file)
    {
        using var stream = File.OpenRead(file);
        using var image = new PEReader(stream);
        return image.PEHeaders.CorHeader?.ManagedNativeHeaderDirectory.Size > 0;
    }
}
