using System.Runtime.CompilerServices;

namespace HomelabOps.Core.Tests.Fakes;

/// <summary>Keeps what the tests discover out of the cache of whoever runs them.</summary>
internal static class CacheFolder
{
    // Before any client is made, because the place is read when the first one is.
#pragma warning disable CA2255 // This is an application, though its SDK calls it a test project.
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void Redirect()
    {
        // One for each run: the next one may get the same ports, and with them what this one has discovered.
        var folder = Directory.CreateTempSubdirectory("homelabops-tests-cache-").FullName;
        Environment.SetEnvironmentVariable("XDG_CACHE_HOME", folder);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
    }
}
