using System.Runtime.Loader;
using HomelabOps.Testing;

namespace HomelabOps.Module.Tests;

/// <summary>The module in a context of its own, in the engine of this process.</summary>
[Collection(nameof(ProcessWide))]
public sealed class LoadContextTests
{
    [Fact]
    public void Only_Model_is_in_the_default_context_whatever_else_is_loaded()
    {
        using var engine = new Engine();
        var ours = Directory.GetFiles(Build.Module, "*.dll").Select(file => Path.GetFileNameWithoutExtension(file)!).Order(StringComparer.Ordinal).ToList();

        var shared = ours.FindAll(name => AssemblyLoadContext.GetLoadContext(PrivateContext.Load(name)) == AssemblyLoadContext.Default);

        Assert.Contains("HomelabOps.Core", ours);
        Assert.Equal(["HomelabOps.Model"], shared);
        Assert.Equal(shared, AssemblyLoadContext.Default.Assemblies.Select(assembly => assembly.GetName().Name!).Where(ours.Contains));
    }

    [Theory]
    [InlineData("Import-Module $module")]
    [InlineData("Import-Module $module -Force")]
    [InlineData("Remove-Module HomelabOps; Import-Module $module")]
    [InlineData("Remove-Module HomelabOps; Import-Module $module; Import-Module $module -Force; Remove-Module HomelabOps; Import-Module $module -Force")]
    public void A_further_import_has_all_cmdlets(string again)
    {
        using var engine = new Engine();
        var before = engine.Run("(Get-Command -Module HomelabOps).Name").ThrowIfFailed().Strings.ToList();

        engine.Run(again, ("module", Build.Manifest)).ThrowIfFailed();

        Assert.NotEmpty(before);
        Assert.Equal(before, engine.Run("(Get-Command -Module HomelabOps).Name").ThrowIfFailed().Strings);
        engine.Run("$null = Get-HomelabConnection").ThrowIfFailed();
    }

    [Fact]
    public void Removing_the_module_takes_its_cmdlets_away()
    {
        using var engine = new Engine();

        engine.Run("Remove-Module HomelabOps").ThrowIfFailed();

        Assert.Empty(engine.Run("Get-Command -Module HomelabOps").Output);
    }

    [Fact]
    public void Two_runspaces_share_the_assemblies()
    {
        using var first = new Engine();
        using var second = new Engine();

        const string Type = "(Get-Command Get-HomelabConnection).ImplementingType";

        Assert.Same(first.Run(Type).ThrowIfFailed().Output[0].BaseObject, second.Run(Type).ThrowIfFailed().Output[0].BaseObject);
    }

    [Fact]
    public void Records_can_be_named_as_types()
    {
        using var engine = new Engine();

        Assert.Equal("HomelabOps.FluxResource", engine.Run("[HomelabOps.FluxResource].FullName").ThrowIfFailed().Strings.Single());
    }

    [Fact]
    public void A_native_library_of_a_dependency_is_found()
    {
        using var engine = new Engine();

        var version = PrivateContext.Load("LibGit2Sharp").GetType("LibGit2Sharp.GlobalSettings")!.GetProperty("Version")!.GetValue(null);

        Assert.Contains("libgit2", version!.ToString(), StringComparison.Ordinal);
    }
}
