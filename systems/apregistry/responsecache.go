package apregistry

// responseCache is what readers of lists get: copies that are refreshed all together, every so often,
// and in between do not follow the registry. A list that nobody asked for before is made at once.
type responseCache struct {
	registry *registry
	changes  int64 // the registry's at the last refresh
	all      cachedList
	apps     map[string]*cachedList
	names    []string // of apps, in order of their first reading
}

// cachedList is a list as it was at some refresh. An app without instances is not found.
type cachedList struct {
	filled    bool
	instances []instance
}

func newResponseCache(registry *registry) *responseCache {
	return &responseCache{registry: registry, apps: map[string]*cachedList{}}
}

// readAll gives every instance.
func (c *responseCache) readAll() []instance {
	if !c.all.filled {
		c.all = cachedList{true, c.registry.all()}
	}
	return c.all.instances
}

// readApp gives the instances of an app, none if there was no such app.
func (c *responseCache) readApp(name string) []instance {
	list := c.apps[name]
	if list == nil {
		list = &cachedList{true, c.registry.app(name)}
		c.apps[name] = list
		c.names = append(c.names, name)
	}
	return list.instances
}

// refresh brings every list that was ever read up to date.
func (c *responseCache) refresh() {
	if c.changes == c.registry.changes {
		return
	}
	c.changes = c.registry.changes
	if c.all.filled {
		c.all.instances = c.registry.all()
	}
	for _, name := range c.names {
		c.apps[name].instances = c.registry.app(name)
	}
}
