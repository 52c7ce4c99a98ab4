// Renders a Helm chart as Helm does, with the same templates, functions and schema checks, where Helm itself isn't to be had.
// Only what charts without dependencies, hooks of their own making and lookups need.
//
// Usage: renderer CHART RELEASE NAMESPACE [VALUES...]: documents to standard output, faults to standard error with exit code 1.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"sort"
	"strings"
	"text/template"

	"github.com/Masterminds/sprig"
	"github.com/xeipuuv/gojsonschema"
	"gopkg.in/yaml.v3"
)

func main() {
	if err := render(os.Args[1], os.Args[2], os.Args[3], os.Args[4:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func render(folder, release, namespace string, valuesFiles []string) error {
	chart, err := load(folder)
	if err != nil {
		return err
	}
	values := map[string]interface{}{}
	for _, file := range append([]string{filepath.Join(folder, "values.yaml")}, valuesFiles...) {
		more, err := readYaml(file)
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		values = merge(values, more)
	}
	if err := check(filepath.Join(folder, "values.schema.json"), values); err != nil {
		return err
	}
	metadata, err := readYaml(filepath.Join(folder, "Chart.yaml"))
	if err != nil {
		return err
	}

	data := map[string]interface{}{
		"Values":  values,
		"Files":   chart.files,
		"Chart":   titled(metadata),
		"Release": map[string]interface{}{"Name": release, "Namespace": namespace, "Service": "Helm", "IsInstall": true, "IsUpgrade": false, "Revision": 1},
	}
	root := template.New("chart").Option("missingkey=zero")
	root.Funcs(functions(root))
	for _, name := range sorted(chart.templates) {
		if _, err := root.New(name).Parse(string(chart.templates[name])); err != nil {
			return err
		}
	}
	for _, name := range sorted(chart.templates) {
		if strings.HasPrefix(path.Base(name), "_") {
			continue
		}
		data["Template"] = map[string]interface{}{"Name": name, "BasePath": "templates"}
		var out bytes.Buffer
		if err := root.ExecuteTemplate(&out, name, data); err != nil {
			return err
		}
		// Helm's own engine does this: a missing value of a map prints as nothing.
		text := strings.ReplaceAll(out.String(), "<no value>", "")
		if strings.HasSuffix(name, ".yaml") && strings.TrimSpace(text) != "" {
			fmt.Printf("---\n# Source: %s\n%s\n", name, text)
		}
	}
	return nil
}

type files map[string][]byte

func (f files) Get(name string) string { return string(f[name]) }

func (f files) Glob(pattern string) files {
	found := files{}
	for name, content := range f {
		if matches, _ := path.Match(pattern, name); matches {
			found[name] = content
		}
	}
	return found
}

func (f files) AsConfig() string {
	entries := map[string]string{}
	for name, content := range f {
		entries[path.Base(name)] = string(content)
	}
	return toYaml(entries)
}

type chart struct {
	templates files
	files     files
}

func load(folder string) (chart, error) {
	c := chart{files{}, files{}}
	return c, walk(folder, "", c)
}

// Follows links, as Helm does.
func walk(folder, prefix string, c chart) error {
	entries, err := os.ReadDir(filepath.Join(folder, prefix))
	if err != nil {
		return err
	}
	for _, entry := range entries {
		name := path.Join(prefix, entry.Name())
		info, err := os.Stat(filepath.Join(folder, name))
		if err != nil {
			return err
		}
		if info.IsDir() {
			if err := walk(folder, name, c); err != nil {
				return err
			}
			continue
		}
		content, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			return err
		}
		if strings.HasPrefix(name, "templates/") {
			c.templates[name] = content
		} else if name != "Chart.yaml" && name != "values.yaml" && name != "values.schema.json" {
			c.files[name] = content
		}
	}
	return nil
}

func functions(root *template.Template) template.FuncMap {
	all := sprig.TxtFuncMap()
	delete(all, "env")
	delete(all, "expandenv")
	all["toYaml"] = toYaml
	all["toJson"] = func(v interface{}) string { out, _ := json.Marshal(v); return string(out) }
	all["fromYaml"] = func(text string) map[string]interface{} {
		out := map[string]interface{}{}
		if err := yaml.Unmarshal([]byte(text), &out); err != nil {
			out["Error"] = err.Error()
		}
		return out
	}
	all["required"] = func(message string, v interface{}) (interface{}, error) {
		if v == nil || v == "" {
			return v, fmt.Errorf("%s", message)
		}
		return v, nil
	}
	all["include"] = func(name string, data interface{}) (string, error) {
		var out strings.Builder
		err := root.ExecuteTemplate(&out, name, data)
		return out.String(), err
	}
	all["tpl"] = func(text string, data interface{}) (string, error) {
		clone, err := root.Clone()
		if err != nil {
			return "", err
		}
		parsed, err := clone.New("tpl").Parse(text)
		if err != nil {
			return "", err
		}
		var out strings.Builder
		err = parsed.Execute(&out, data)
		return out.String(), err
	}
	return all
}

func check(schemaFile string, values map[string]interface{}) error {
	schema, err := os.ReadFile(schemaFile)
	if err != nil {
		return err
	}
	document, err := json.Marshal(values)
	if err != nil {
		return err
	}
	result, err := gojsonschema.Validate(gojsonschema.NewBytesLoader(schema), gojsonschema.NewBytesLoader(document))
	if err != nil {
		return err
	}
	faults := []string{}
	for _, fault := range result.Errors() {
		faults = append(faults, fmt.Sprintf("- %s", fault))
	}
	if len(faults) > 0 {
		return fmt.Errorf("values don't meet the specifications of the schema(s):\n%s", strings.Join(faults, "\n"))
	}
	return nil
}

// Through JSON, as Helm reads values: every number is a float64.
func readYaml(file string) (map[string]interface{}, error) {
	content, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var parsed, values map[string]interface{}
	if err := yaml.Unmarshal(content, &parsed); err != nil {
		return nil, err
	}
	text, err := json.Marshal(parsed)
	if err != nil {
		return nil, err
	}
	err = json.Unmarshal(text, &values)
	return values, err
}

// A null deletes, as in Helm.
func merge(below, above map[string]interface{}) map[string]interface{} {
	merged := map[string]interface{}{}
	for key, value := range below {
		merged[key] = value
	}
	for key, value := range above {
		inner, isMap := value.(map[string]interface{})
		under, wasMap := merged[key].(map[string]interface{})
		switch {
		case value == nil:
			delete(merged, key)
		case isMap && wasMap:
			merged[key] = merge(under, inner)
		default:
			merged[key] = value
		}
	}
	return merged
}

// Helm prints through JSON too, so whole numbers have no exponent.
func toYaml(v interface{}) string {
	text, err := json.Marshal(v)
	if err != nil {
		return ""
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var plain interface{}
	if err := decoder.Decode(&plain); err != nil {
		return ""
	}
	var out bytes.Buffer
	encoder := yaml.NewEncoder(&out)
	encoder.SetIndent(2)
	if err := encoder.Encode(numbers(plain)); err != nil {
		return ""
	}
	return strings.TrimSuffix(out.String(), "\n")
}

func numbers(v interface{}) interface{} {
	switch value := v.(type) {
	case json.Number:
		if whole, err := value.Int64(); err == nil {
			return whole
		}
		number, _ := value.Float64()
		return number
	case map[string]interface{}:
		for key, inner := range value {
			value[key] = numbers(inner)
		}
	case []interface{}:
		for i, inner := range value {
			value[i] = numbers(inner)
		}
	}
	return v
}

func titled(metadata map[string]interface{}) map[string]interface{} {
	result := map[string]interface{}{}
	for key, value := range metadata {
		result[strings.ToUpper(key[:1])+key[1:]] = value
	}
	return result
}

func sorted(f files) []string {
	names := make([]string, 0, len(f))
	for name := range f {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}
