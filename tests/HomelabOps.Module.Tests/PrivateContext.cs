using System.Reflection;
using System.Runtime.Loader;

namespace HomelabOps.Module.Tests;

/// <summary>The load context of the imported module.</summary>
internal static class PrivateContext
{
    /// <summary>
    /// An assembly of the module, as a cmdlet that needs it would load it. A test must not count on an earlier cmdlet for that:
    /// code that was compiled ahead loads an assembly only when it calls it.
    /// </summary>
    public static Assembly Load(string name) =>
        AssemblyLoadContext.All.Single(context => context.Name == "HomelabOps").LoadFromAssemblyName(new AssemblyName(name));
}
