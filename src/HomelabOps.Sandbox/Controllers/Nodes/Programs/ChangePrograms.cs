using System.Globalization;

namespace HomelabOps.Sandbox.Controllers.Nodes.Programs;

/// <summary>Programs that change files and folders: mkdir, rmdir, rm, mv, cp, touch, and chmod and chown, of which nothing shows.</summary>
internal static class ChangePrograms
{
    public static void AddTo(ProgramTable table)
    {
        table.Add("mkdir", (call, stop) => EachAsync(call, call.Operands, path => MakeAsync(call, path, stop), "can't create directory", stop));
        table.Add("rm", (call, stop) => EachAsync(call, call.Operands, path => call.Context.Files.RemoveAsync(path, stop), "can't remove", stop));
        table.Add("rmdir", (call, stop) => EachAsync(call, call.Operands, path => RemoveEmptyAsync(call, path, stop), "", stop));
        table.Add("touch", TouchAsync);
        table.Add("mv", (call, stop) => ToAsync(call, "can't rename", call.Context.Files.MoveAsync, stop));
        table.Add("cp", (call, stop) => ToAsync(call, "can't stat", call.Context.Files.CopyAsync, stop));
        table.Add("chmod", (call, stop) => EachAsync(call, call.Operands.Skip(1), path => call.Context.Files.StatAsync(path, stop), "", stop));
        table.Add("chown", (call, stop) => EachAsync(call, call.Operands.Skip(1), path => call.Context.Files.StatAsync(path, stop), "", stop));
    }

    private static async Task MakeAsync(ProgramCall call, string path, CancellationToken cancellationToken)
    {
        if (!call.Has('p'))
        {
            await call.Context.Files.StatAsync(path[..Math.Max(1, path.LastIndexOf('/'))], cancellationToken);
            if (await IsThereAsync(call, path, cancellationToken))
            {
                throw new FileException(FileException.Exists);
            }
        }

        await call.Context.Files.MakeFolderAsync(path, cancellationToken);
    }

    private static async Task RemoveEmptyAsync(ProgramCall call, string path, CancellationToken cancellationToken)
    {
        if ((await call.Context.Files.ListAsync(path, cancellationToken)).Any())
        {
            throw new FileException(FileException.NotEmpty);
        }

        await call.Context.Files.RemoveAsync(path, cancellationToken);
    }

    // touch [-c] [-d @SECONDS] FILE...
    private static Task<int> TouchAsync(ProgramCall call, CancellationToken cancellationToken)
    {
        var option = call.Arguments.ToList().IndexOf("-d");
        DateTimeOffset? time = option >= 0 && call.Arguments.ElementAtOrDefault(option + 1) is ['@', .. var seconds] && long.TryParse(seconds, CultureInfo.InvariantCulture, out var number) ? DateTimeOffset.FromUnixTimeSeconds(number) : null;
        var files = call.Arguments.Where((argument, index) => !argument.StartsWith('-') && (option < 0 || index != option + 1));
        return EachAsync(call, files, async path =>
        {
            if (!await IsThereAsync(call, path, cancellationToken) && call.Has('c'))
            {
                return;
            }

            if (time is { } set)
            {
                await call.Context.Files.PutAsync(path, await call.Context.Files.StatAsync(path, cancellationToken) with { Modified = set }, cancellationToken);
            }
            else
            {
                await call.Context.Files.WriteAsync(path, "", append: true, cancellationToken);
            }
        }, "", cancellationToken);
    }

    // SOURCE DESTINATION, where a folder that is there takes the source into it.
    private static async Task<int> ToAsync(ProgramCall call, string failure, Func<string, string, CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        if (call.Operands.ToArray() is not [var source, var destination])
        {
            return await call.FailAsync("only SOURCE DESTINATION is known here", cancellationToken);
        }

        var to = call.Path(destination);
        if (await IsThereAsync(call, to, cancellationToken) && (await call.Context.Files.StatAsync(to, cancellationToken)).IsDirectory)
        {
            to = $"{to.TrimEnd('/')}/{source.TrimEnd('/')[(source.TrimEnd('/').LastIndexOf('/') + 1)..]}";
        }

        return await EachAsync(call, [source], path => work(path, to, cancellationToken), failure, cancellationToken);
    }

    private static async Task<bool> IsThereAsync(ProgramCall call, string path, CancellationToken cancellationToken)
    {
        try
        {
            await call.Context.Files.StatAsync(path, cancellationToken);
            return true;
        }
        catch (FileException error) when (error.Message == FileException.NotFound)
        {
            return false;
        }
    }

    private static async Task<int> EachAsync(ProgramCall call, IEnumerable<string> operands, Func<string, Task> work, string failure, CancellationToken cancellationToken)
    {
        var status = 0;
        foreach (var operand in operands.ToArray())
        {
            try
            {
                await work(call.Path(operand));
            }
            catch (FileException) when (call.Name.EndsWith("rm", StringComparison.Ordinal) && call.Has('f'))
            {
                // What is not there need not be removed.
            }
            catch (FileException error)
            {
                status = await call.FailAsync(failure.Length == 0 ? $"{operand}: {error.Message}" : $"{failure} '{operand}': {error.Message}", cancellationToken);
            }
        }

        return status;
    }
}
