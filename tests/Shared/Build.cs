using System.Reflection;

namespace HomelabOps.Testing;

/// <summary>Where the build put what the tests use.</summary>
internal static class Build
{
    public static string RepositoryRoot { get; } = Metadata("RepositoryRoot");

    public static string Module { get; } = Path.Combine(RepositoryRoot, "out", "HomelabOps");

    public static string Manifest { get; } = Path.Combine(Module, "HomelabOps.psd1");

    public static string Console { get; } = Metadata("Console");

    public static string Metadata(string key) => typeof(Build).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == key).Value!;
}
