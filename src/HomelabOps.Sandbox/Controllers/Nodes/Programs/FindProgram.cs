using System.Security.Cryptography;
using System.Text;
using HomelabOps.Sandbox.Controllers.Nodes.Programs.Shell;

namespace HomelabOps.Sandbox.Controllers.Nodes.Programs;

/// <summary>Programs that walk trees and read contents: find with its usual conditions and actions, sha256sum.</summary>
internal static class FindProgram
{
    public static void AddTo(ProgramTable table)
    {
        table.Add("find", FindAsync);
        table.Add("sha256sum", ChecksumAsync);
    }

    // find PLACE... [-type f|d] [-mindepth N] [-maxdepth N] [-mtime +N] [[!] -name|-path PATTERN] [-print | -exec COMMAND {} + | -exec COMMAND ;]
    private static async Task<int> FindAsync(ProgramCall call, CancellationToken cancellationToken)
    {
        var first = call.Arguments.ToList().FindIndex(argument => argument is ['-', ..] or "!");
        var places = first < 0 ? call.Arguments : [.. call.Arguments.Take(first)];
        var (conditions, least, most, action, isEach) = Parse([.. call.Arguments.Skip(places.Count)], call.Context.Time.Now);
        var (status, found) = (0, new List<string>());
        foreach (var place in places.Count > 0 ? places : ["."])
        {
            var left = new Stack<(string Shown, int Depth)>([(place, 0)]);
            while (left.TryPop(out var next))
            {
                call.Context.Time.Step();
                try
                {
                    var entry = await call.Context.Files.StatAsync(call.Path(next.Shown), cancellationToken);
                    if (next.Depth >= least && conditions.All(holds => holds(next.Shown, entry)))
                    {
                        found.Add(next.Shown);
                    }

                    foreach (var (name, _) in entry.IsDirectory && next.Depth < most ? (await call.Context.Files.ListAsync(call.Path(next.Shown), cancellationToken)).Reverse() : [])
                    {
                        left.Push((next.Shown.TrimEnd('/') + "/" + name, next.Depth + 1));
                    }
                }
                catch (FileException error)
                {
                    status = await call.FailAsync($"{next.Shown}: {error.Message}", cancellationToken);
                }
            }
        }

        if (action is null)
        {
            await call.WriteAsync(string.Concat(found.Select(path => path + "\n")), cancellationToken);
            return status;
        }

        return found.Count == 0 ? status : call.Context.Programs.Find(action[0]) is { } program
            ? await RunAsync(call with { Name = action[0] }, program, action[1..], found, isEach, status, cancellationToken)
            : await call.FailAsync($"{action[0]}: {FileException.NotFound}", cancellationToken);
    }

    // Of commands that are run for each the program's own end says nothing.
    private static async Task<int> RunAsync(ProgramCall call, SimulatedProgram program, string[] words, List<string> found, bool isEach, int status, CancellationToken cancellationToken)
    {
        if (!isEach)
        {
            return await program(call with { Arguments = [.. words.TakeWhile(word => word != "{}"), .. found] }, cancellationToken);
        }

        foreach (var path in found)
        {
            await program(call with { Arguments = [.. words.Select(word => word == "{}" ? path : word)] }, cancellationToken);
        }

        return status;
    }

    private static (List<Func<string, FileEntry, bool>> Conditions, int Least, int Most, string[]? Action, bool IsEach) Parse(string[] words, DateTimeOffset now)
    {
        var conditions = new List<Func<string, FileEntry, bool>>();
        var (least, most, isTurned, isEach) = (0, int.MaxValue, false, false);
        string[]? action = null;
        for (var index = 0; index < words.Length; index++)
        {
            var turned = isTurned;
            isTurned = false;
            switch (words[index])
            {
                case "!":
                    isTurned = true;
                    break;
                case "-exec":
                    action = [.. words.Skip(index + 1).TakeWhile(word => word is not ("+" or ";"))];
                    index += action.Length + 1;
                    isEach = words.ElementAtOrDefault(index) == ";";
                    break;
                case "-print":
                    break;
                case var option when index + 1 < words.Length:
                    var value = words[++index];
                    _ = int.TryParse(value, System.Globalization.CultureInfo.InvariantCulture, out var number);
                    (least, most) = option switch { "-mindepth" => (number, most), "-maxdepth" => (least, number), _ => (least, most) };
                    conditions.Add((path, entry) => turned != option switch
                    {
                        "-type" => entry.IsDirectory == (value == "d"),
                        "-mtime" => (now - entry.Modified).TotalDays >= number + 1,
                        "-name" => ShellExpansion.Matches(value, path[(path.LastIndexOf('/') + 1)..]),
                        "-path" => ShellExpansion.Matches(value, path),
                        _ => !turned,
                    });
                    break;
            }
        }

        return (conditions, least, most, action, isEach);
    }

    // A file that has no content of its own is told from others by its size.
    private static async Task<int> ChecksumAsync(ProgramCall call, CancellationToken cancellationToken)
    {
        var status = 0;
        foreach (var operand in call.Operands.DefaultIfEmpty("-").ToArray())
        {
            try
            {
                var content = operand == "-" ? await call.ReadInputAsync(cancellationToken) : await ContentAsync(call, operand, cancellationToken);
                await call.WriteAsync($"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content)))}  {operand}\n", cancellationToken);
            }
            catch (FileException error)
            {
                status = await call.FailAsync($"can't open '{operand}': {error.Message}", cancellationToken);
            }
        }

        return status;
    }

    private static async Task<string> ContentAsync(ProgramCall call, string operand, CancellationToken cancellationToken)
    {
        var entry = await call.Context.Files.StatAsync(call.Path(operand), cancellationToken);
        return entry.IsDirectory ? throw new FileException(FileException.IsDirectory) : entry.Content ?? $"{entry.Size}";
    }
}
