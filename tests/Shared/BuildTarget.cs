using System.Diagnostics;

namespace HomelabOps.Testing;

/// <summary>A target of one of the projects, run as the build does, without restoring anything.</summary>
internal static class BuildTarget
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    public static (int ExitCode, string Output) Run(string project, string target, params string[] properties)
    {
        var start = new ProcessStartInfo("dotnet") { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        string[] arguments = ["msbuild", Path.Combine(Build.RepositoryRoot, "src", project), $"-t:{target}", $"-p:Configuration={Build.Metadata("Configuration")}", "-nodeReuse:false", "-nologo", "-v:m", .. properties];
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
}
