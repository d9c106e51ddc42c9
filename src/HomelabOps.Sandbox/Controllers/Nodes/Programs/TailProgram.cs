namespace HomelabOps.Sandbox.Controllers.Nodes.Programs;

/// <summary>The program <c>tail</c>: the last lines, and with <c>-f</c> or <c>-F</c> what is written after them, without an end.</summary>
internal static class TailProgram
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Forever = TimeSpan.FromDays(36500);

    public static async Task<int> RunAsync(ProgramCall call, CancellationToken cancellationToken)
    {
        var follows = call.Has('f') || call.Has('F');
        var plain = call with { Arguments = [.. call.Arguments.Where(argument => argument is not ("-f" or "-F")).Select(argument => argument.StartsWith('-') ? argument.Replace("f", "", StringComparison.Ordinal).Replace("F", "", StringComparison.Ordinal) : argument)] };
        var files = follows ? Files(plain.Arguments) : [];
        var read = await ReadAsync(call, files, cancellationToken);
        var status = await TextPrograms.LinesAsync(plain, (lines, count) => lines.TakeLast(count), cancellationToken);
        if (!follows || (status != 0 && !call.Has('F')) || files.Count == 0)
        {
            return status;
        }

        if (files.TrueForAll(file => call.Path(file) == MountTable.Nothing))
        {
            await call.Context.Time.SleepAsync(Forever, cancellationToken);
        }

        while (true)
        {
            await call.Context.Time.SleepAsync(Pause, cancellationToken);
            var now = await ReadAsync(call, files, cancellationToken);
            for (var index = 0; index < files.Count; index++)
            {
                // What has become shorter was written anew.
                var known = now[index].StartsWith(read[index], StringComparison.Ordinal) ? read[index].Length : 0;
                if (now[index].Length > known)
                {
                    await call.WriteAsync(now[index][known..], cancellationToken);
                }
            }

            read = now;
        }
    }

    private static List<string> Files(IReadOnlyList<string> arguments)
    {
        var files = new List<string>();
        for (var index = 0; index < arguments.Count; index++)
        {
            if (arguments[index] is "-n" or "-c")
            {
                index++;
            }
            else if (!arguments[index].StartsWith('-'))
            {
                files.Add(arguments[index]);
            }
        }

        return files;
    }

    private static async Task<string[]> ReadAsync(ProgramCall call, List<string> files, CancellationToken cancellationToken)
    {
        var read = new string[files.Count];
        for (var index = 0; index < files.Count; index++)
        {
            try
            {
                read[index] = await call.Context.Files.ReadAsync(call.Path(files[index]), cancellationToken);
            }
            catch (FileException)
            {
                read[index] = "";
            }
        }

        return read;
    }
}
