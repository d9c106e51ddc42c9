using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using HomelabOps.Testing;

namespace HomelabOps.Cluster.Tests;

/// <summary>Finds what the tests call directly, and what that needs, in the built module.</summary>
internal static class StagedAssemblies
{
    // Before the test runner looks at the types of this assembly, some of which are made of types of Core.
    [ModuleInitializer]
    internal static void Register() => AssemblyLoadContext.Default.Resolving += Find;

    private static Assembly? Find(AssemblyLoadContext context, AssemblyName name)
    {
        var path = Path.Combine(Build.Module, name.Name + ".dll");
        return File.Exists(path) ? context.LoadFromAssemblyPath(path) : null;
    }
}
