using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace FlexEdit.Platform.Hosting;

/// <summary>Binds and checks settings.</summary>
public static class SettingsServices
{
    /// <summary>Root of all settings: <c>FlexEdit:Section:Key</c> in files, <c>FLEXEDIT__Section__Key</c> in the environment.</summary>
    public const string Root = "FlexEdit";

    /// <summary>
    /// Binds <typeparamref name="T"/> to <c>FlexEdit:<paramref name="section"/></c> and checks it before the host starts;
    /// all faults of a section are reported at once. Resolve it as <see cref="IOptions{TOptions}"/>.
    /// </summary>
    public static OptionsBuilder<T> AddSettings<T>(this IServiceCollection services, string section)
        where T : class, ISettings
    {
        if (!services.Any(service => service.ImplementationType == typeof(SettingsCheck<T>)))
            services.AddSingleton<IValidateOptions<T>, SettingsCheck<T>>();
        return services.AddOptions<T>().BindConfiguration($"{Root}:{section}").ValidateOnStart();
    }

    private sealed class SettingsCheck<T> : IValidateOptions<T>
        where T : class, ISettings
    {
        public ValidateOptionsResult Validate(string? name, T options)
        {
            var faults = options.Faults().ToArray();
            return faults.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
        }
    }
}
