using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace HomelabOps;

/// <summary>
/// Loads everything of the module but this assembly into a context of its own, so that another module's YamlDotNet or
/// LibGit2Sharp of another version neither disturbs it nor is disturbed. There is one for the process, whatever imports.
/// </summary>
public sealed class ModuleLoadContext : AssemblyLoadContext
{
    private static readonly Lock Gate = new();
    private static ModuleLoadContext? _instance;

    private readonly AssemblyDependencyResolver _resolver;
    private readonly string _nativeImages;

    private ModuleLoadContext(string folder)
        : base("HomelabOps")
    {
        Folder = folder;
        _resolver = new AssemblyDependencyResolver(Path.Combine(folder, "HomelabOps.dll"));
        _nativeImages = Path.Combine(folder, "r2r", PortableRuntimeIdentifier());
    }

    /// <summary>Folder of the module.</summary>
    public string Folder { get; }

    /// <summary>Loads the cmdlet assembly that lies beside this one, or gives the one that is loaded.</summary>
    public static Assembly LoadModule()
    {
        lock (Gate)
        {
            _instance ??= new ModuleLoadContext(Path.GetDirectoryName(typeof(ModuleLoadContext).Assembly.Location)!);
            return _instance.LoadFromAssemblyName(new AssemblyName("HomelabOps"));
        }
    }

    /// <summary>Makes cmdlets exports of the module that is being imported; here, because the same in script takes 25 ms.</summary>
    /// <param name="module">The PSModuleInfo of the module.</param>
    /// <param name="cmdlets">The CmdletInfo of each cmdlet.</param>
    public static void ExportCmdlets(object module, System.Collections.IEnumerable cmdlets)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(cmdlets);
        var export = module.GetType().GetMethod("AddExportedCmdlet", BindingFlags.Instance | BindingFlags.NonPublic)
            ?? throw new MissingMethodException(module.GetType().FullName, "AddExportedCmdlet");
        foreach (var cmdlet in cmdlets)
        {
            export.Invoke(module, [cmdlet]);
        }
    }

    /// <inheritdoc/>
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        ArgumentNullException.ThrowIfNull(assemblyName);
        var own = typeof(ModuleLoadContext).Assembly;
        if (assemblyName.Name == own.GetName().Name)
        {
            return own;
        }

        // What the module does not bring along (the engine, the framework) comes from the default context.
        if (_resolver.ResolveAssemblyToPath(assemblyName) is not { } path)
        {
            return null;
        }

        // A ReadyToRun image of another system does not load at all, hence one folder a system and IL for the others.
        var native = Path.Combine(_nativeImages, Path.GetFileName(path));
        return LoadFromAssemblyPath(File.Exists(native) ? native : path);
    }

    /// <inheritdoc/>
    protected override nint LoadUnmanagedDll(string unmanagedDllName) =>
        _resolver.ResolveUnmanagedDllToPath(unmanagedDllName) is { } path ? LoadUnmanagedDllFromPath(path) : 0;

    private static string PortableRuntimeIdentifier()
    {
        var architecture = RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();
        if (OperatingSystem.IsWindows())
        {
            return $"win-{architecture}";
        }

        if (OperatingSystem.IsMacOS())
        {
            return $"osx-{architecture}";
        }

        return RuntimeInformation.RuntimeIdentifier.Contains("musl", StringComparison.Ordinal)
            ? $"linux-musl-{architecture}"
            : $"linux-{architecture}";
    }
}
