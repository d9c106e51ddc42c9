using System.Xml.Linq;
using HomelabOps.HelpBuilder.Commands;
using HomelabOps.HelpBuilder.Output;
using HomelabOps.HelpBuilder.Pages;

namespace HomelabOps.HelpBuilder;

/// <summary>From an assembly and folders of pages to help files. Writes nothing when a rule is broken.</summary>
internal sealed class Generator(Options options, Diagnostics diagnostics)
{
    public void Run()
    {
        var commands = AssemblyReader.Read(options.Assembly, options.References);
        var maml = Cmdlets(commands);
        var topics = Topics();
        if (diagnostics.All.Count == 0)
        {
            Write(maml, topics);
        }
    }

    private string Cmdlets(IReadOnlyList<CommandModel> commands)
    {
        var common = CommonParameters.None;
        var pages = new List<Page>();
        foreach (var file in Files(options.Pages))
        {
            var page = Read(file);
            if (Path.GetFileName(file) == CommonParameters.FileName)
            {
                common = CommonParameters.Of(page, diagnostics);
            }
            else
            {
                pages.Add(page);
            }
        }

        var writer = new MamlWriter(common, diagnostics);
        var elements = new List<XElement>();
        foreach (var page in pages)
        {
            if (commands.FirstOrDefault(c => c.Name == page.Name) is not { } command)
            {
                diagnostics.Add(page.File, Position.Start, Codes.PageWithoutCmdlet, $"There is no cmdlet {page.Name} in {Path.GetFileName(options.Assembly)}.");
                continue;
            }

            new PageRules(page, command, common, options.Module, diagnostics).Check();
            elements.Add(writer.Write(page, command));
        }

        if (options.Complete)
        {
            foreach (var command in commands.Where(c => !pages.Any(p => p.Name == c.Name)))
            {
                diagnostics.Add(Path.Combine(options.Pages ?? "", command.Name + ".md"), Position.Start, Codes.CmdletWithoutPage, $"{command.Name} has no help page.");
            }
        }

        return MamlWriter.Document(elements);
    }

    private List<(string Name, string Text)> Topics()
    {
        var topics = new List<(string Name, string Text)>();
        foreach (var file in Files(options.Topics))
        {
            var page = Read(file, topic: true);
            topics.Add((page.Name + ".help.txt", new TopicWriter(diagnostics).Write(page)));
        }

        return topics;
    }

    private Page Read(string file, bool topic = false) => PageReader.Read(file, File.ReadAllText(file), diagnostics, topic);

    private static IEnumerable<string> Files(string? folder) =>
        Directory.Exists(folder)
            // README.md is an index for readers of the repository.
            ? Directory.EnumerateFiles(folder, "*.md").Where(f => Path.GetFileName(f) != "README.md").Order(StringComparer.Ordinal)
            : [];

    private void Write(string maml, List<(string Name, string Text)> topics)
    {
        Directory.CreateDirectory(options.Output);
        foreach (var left in Directory.EnumerateFiles(options.Output, "*.help.txt").Where(f => !topics.Any(t => t.Name == Path.GetFileName(f))))
        {
            // A topic that was renamed or removed must not be shipped on.
            File.Delete(left);
        }

        File.WriteAllText(Path.Combine(options.Output, $"{options.Module}.dll-Help.xml"), maml);
        foreach (var (name, text) in topics)
        {
            File.WriteAllText(Path.Combine(options.Output, name), text);
        }
    }
}
